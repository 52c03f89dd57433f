import type { Logger } from 'pino';

import type { Observer, Part, Step } from '../activities/observer.js';

/** Peak memory of the process, in megabytes; `maxRSS` is in kilobytes. */
function peakMemoryMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 102.4) / 10;
}

/**
 * Writes a record for each step of a page or request, and for each part of collecting one: entities,
 * seconds, peak memory.
 */
export function profiler(logger: Logger): Pick<Observer, 'step' | 'parts'> {
  return {
    parts(parts: readonly Part[]) {
      const peakMb = peakMemoryMb();
      for (const { feed, name, entities, seconds } of parts) {
        logger.info(
          {
            feed,
            operation: 'profile',
            step: 'collect',
            part: name,
            entities,
            seconds,
            peakMemoryMb: peakMb,
          },
          `|_ ${name}: ${entities} entities, ${seconds.toFixed(5)} s, peak ${peakMb} MB`,
        );
      }
    },
    step({ feed, name, entities, seconds }: Step) {
      const peakMb = peakMemoryMb();
      logger.info(
        { feed, operation: 'profile', step: name, entities, seconds, peakMemoryMb: peakMb },
        `${name}: ${entities} entities, ${seconds.toFixed(5)} s, peak ${peakMb} MB`,
      );
    },
  };
}

/** Tells several observers. */
export function allOf(observers: readonly Partial<Observer>[]): Observer | undefined {
  if (observers.length === 0) return undefined;
  // Parts are measured only where somebody wants them.
  const ofParts = observers.filter((each) => each.parts !== undefined);
  return {
    ...(ofParts.length === 0
      ? {}
      : { parts: (parts: readonly Part[]) => ofParts.forEach((each) => each.parts?.(parts)) }),
    step: (step) => observers.forEach((each) => each.step?.(step)),
    request: (...args) => observers.forEach((each) => each.request?.(...args)),
    items: (...args) => observers.forEach((each) => each.items?.(...args)),
    waited: (...args) => observers.forEach((each) => each.waited?.(...args)),
    runEnded: (run) => observers.forEach((each) => each.runEnded?.(run)),
  };
}
