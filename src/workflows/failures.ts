import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/common';

/** The failure within the failures of activities and children. */
function innermost(failure: unknown): unknown {
  let at = failure;
  while (
    (at instanceof ActivityFailure || at instanceof ChildWorkflowFailure) &&
    at.cause !== undefined
  ) {
    at = at.cause;
  }
  return at;
}

/** The message of a failure that says something to people. */
export function causeOf(failure: unknown): string | undefined {
  const cause = innermost(failure);
  return cause instanceof Error ? cause.message : undefined;
}

/** Whether the worker that did the work was gone. */
export function isTimeout(failure: unknown): boolean {
  return innermost(failure) instanceof TimeoutFailure;
}

/** Whether the feed's tables do not exist in this edition of Commerce. */
export function isUnavailable(failure: unknown): boolean {
  const cause = innermost(failure);
  return cause instanceof ApplicationFailure && cause.type === UNAVAILABLE;
}

/** The error code with which activities say so; failures carry codes as their type. */
const UNAVAILABLE = 'SDE40-02';

/** The failure of a workflow whose input cannot be used. */
export function invalidInput(problems: readonly string[]): ApplicationFailure {
  return ApplicationFailure.nonRetryable(problems.join(' '), 'InvalidInput', { problems });
}
