import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { log, setHandler } from '@temporalio/workflow';

import { invalidInput } from './failures.js';
import { checkApproval, checkPause, type Checked } from './input.js';
import {
  approveDeletionsSignal,
  approveDeletionsUpdate,
  cleanupFeedSignal,
  cleanupFeedUpdate,
  noReindexSignal,
  noReindexUpdate,
  pauseSignal,
  pauseUpdate,
  resumeSignal,
  resumeUpdate,
  type Approval,
  type Pause,
} from './messages.js';
import type { CONTROL } from './names.js';

/** What people tell a run while it runs: signals, and updates that answer. */
export interface PeoplesOrders {
  pause(pause: Pause): string;
  resume(by: Approval): string;
  cleanupFeed(by: Approval): string;
  noReindex(by: Approval): string;
  approveDeletions(by: Approval): string;
  /** Why no order can be taken any more; undefined: they can. */
  closed(): string | undefined;
  /** An order came by signal when none could be taken any more. */
  missed?(order: keyof typeof CONTROL): void;
}

/** What each order does, for the lists of the Temporal UI. */
const DESCRIPTIONS: Readonly<Record<keyof typeof CONTROL, string>> = {
  pause: 'Nothing leaves any more, not even changes. {"reason": "…", "by": "…"}',
  resume: 'Goes on where it was paused. {"by": "…"}',
  cleanupFeed: 'All items count as never sent; starts over as a full sync. {"by": "…"}',
  noReindex: 'Collects no further: what is stored is sent again. {"by": "…"}',
  approveDeletions: 'Sends the deletions, however many there are. {"by": "…"}',
};

/** Takes the orders of people by signal and by update. A wrong payload changes nothing. */
export function takeOrders(orders: PeoplesOrders): void {
  take(pauseSignal, pauseUpdate, checkPause, (pause) => orders.pause(pause));
  take(resumeSignal, resumeUpdate, checkApproval, (by) => orders.resume(by));
  take(cleanupFeedSignal, cleanupFeedUpdate, checkApproval, (by) => orders.cleanupFeed(by));
  take(noReindexSignal, noReindexUpdate, checkApproval, (by) => orders.noReindex(by));
  take(approveDeletionsSignal, approveDeletionsUpdate, checkApproval, (by) =>
    orders.approveDeletions(by),
  );

  function take<Payload>(
    signal: SignalDefinition<[Payload?]>,
    update: UpdateDefinition<string, [Payload?]>,
    check: (payload: unknown) => Checked<Payload>,
    act: (payload: Payload) => string,
  ): void {
    const refusal = (payload: unknown): readonly string[] => {
      const closed = orders.closed();
      if (closed !== undefined) return [closed];
      const checked = check(payload);
      return checked.ok ? [] : checked.problems;
    };
    const name = signal.name as keyof typeof CONTROL;
    const description = DESCRIPTIONS[name];
    setHandler(
      signal,
      (payload) => {
        const problems = refusal(payload);
        if (problems.length === 0) log.info(act(payload ?? ({} as Payload)));
        else {
          log.warn(`${name} changed nothing: ${problems.join(' ')}`);
          if (orders.closed() !== undefined) orders.missed?.(name);
        }
      },
      { description },
    );
    const answer = (payload?: Payload): string => act(payload ?? ({} as Payload));
    const validator = (payload?: Payload): void => {
      const problems = refusal(payload);
      if (problems.length > 0) throw invalidInput(problems);
    };
    setHandler(update, answer, { validator, description });
  }
}
