import type { Logger } from 'pino';

import type { Observer, Step } from '../activities/observer.js';

/** Peak memory of the process, in megabytes; `maxRSS` is in kilobytes. */
function peakMemoryMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 102.4) / 10;
}

/** Writes a record for each step of a page or request: entities, seconds, peak memory. */
export function profiler(logger: Logger): Pick<Observer, 'step'> {
  return {
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
  return {
    step: (step) => observers.forEach((each) => each.step?.(step)),
    request: (...args) => observers.forEach((each) => each.request?.(...args)),
    items: (...args) => observers.forEach((each) => each.items?.(...args)),
    waited: (...args) => observers.forEach((each) => each.waited?.(...args)),
    runEnded: (run) => observers.forEach((each) => each.runEnded?.(run)),
  };
}
