import { explainCauses, ExportError } from '../errors/export-error.js';
import type { FeedOutcome } from '../workflows/messages.js';

/** Exit codes of the program. */
export const EXIT = { done: 0, failed: 1, usage: 2, doneWithFailures: 3 } as const;

/** Writes an error for people to standard error; returns the exit code it calls for. */
export function reportError(error: unknown): number {
  if (!(error instanceof ExportError)) {
    const stack = error instanceof Error ? error.stack : undefined;
    process.stderr.write(`Unexpected error: ${explainCauses(error)}\n${stack ?? ''}\n`);
    return EXIT.failed;
  }
  const cause = error.cause === undefined ? '' : `\n  cause: ${explainCauses(error.cause)}`;
  process.stderr.write(`${error.code} ${error.message}${cause}\n  cure:  ${error.cure}\n`);
  return error.kind === 'usage' ? EXIT.usage : EXIT.failed;
}

/** The exit code that a sync's outcome calls for. */
export function exitCodeOf(outcome: FeedOutcome): number {
  switch (outcome) {
    case 'completed':
    case 'not available':
      return EXIT.done;
    case 'completed with failures':
      return EXIT.doneWithFailures;
    case 'cancelled':
    case 'failed':
      return EXIT.failed;
  }
}
