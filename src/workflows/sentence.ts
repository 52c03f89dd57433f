import type { RunCounts } from '../feeds/counts.js';
import type { Operation } from '../feeds/operation.js';
import { number } from './figures.js';
import type { FeedOutcome, GivenOrder, RunOptions } from './messages.js';

/** What there is to say of a run. */
export interface RunFacts {
  readonly feed: string;
  readonly operation: Operation;
  readonly options: RunOptions;
  readonly outcome: FeedOutcome;
  readonly counts: RunCounts;
  /** Why it failed, or who cancelled it. */
  readonly cause?: string | undefined;
  /** What people told it meanwhile. */
  readonly orders?: readonly GivenOrder[] | undefined;
}

/** What an order did, as a past participle. */
const DONE: Readonly<Record<GivenOrder['what'], string>> = {
  pause: 'paused',
  resume: 'resumed',
  cleanupFeed: 'told to start over with cleanupFeed',
  noReindex: 'told to start over with noReindex',
  approveDeletions: 'allowed all deletions',
};

/** What a run of a feed did, in one sentence with numbers, and one of what people told it. */
export function sentenceOf({ orders = [], ...facts }: RunFacts): string {
  const sentence = endSentence(facts);
  if (orders.length === 0) return sentence;
  const told = orders.map(
    ({ what, by = 'somebody', reason, at }) =>
      `${DONE[what]} by ${by}${reason === undefined ? '' : ` (${reason})`} at ${at.slice(0, 19)}Z`,
  );
  return `${sentence} It was ${told.join(', ')}.`;
}

function endSentence({
  feed,
  operation,
  options,
  outcome,
  counts,
  cause,
}: Omit<RunFacts, 'orders'>): string {
  const what = `${nameOf(operation, options)} of ${feed}`;
  switch (outcome) {
    case 'not available':
      return `${feed} is not available in this shop.`;
    case 'failed':
      return `${what} failed after ${number(counts.sent)} items were sent: ${cause ?? 'unknown cause'}`;
    case 'cancelled':
      return `${what} was cancelled${cause === undefined ? '' : ` by ${cause}`} after ${numbers(counts, options)}; the next one goes on from the stored state.`;
    case 'completed':
    case 'completed with failures':
      return `${what}: ${numbers(counts, options)}.`;
  }
}

function nameOf(operation: Operation, options: RunOptions): string {
  switch (operation) {
    case 'full sync':
      if (options.dryRun === true) return 'Dry run';
      return options.ids === undefined ? 'Full sync' : 'Sync by ids';
    case 'partial sync':
      return 'Partial sync';
    case 'retry failed items':
      return 'Retry of failed items';
    case 'publish':
      return 'Publishing';
  }
}

function numbers(counts: RunCounts, { dryRun }: RunOptions): string {
  const parts = [
    `${number(counts.processed)} entities gave ${number(counts.collected)} items`,
    `${number(counts.sent)} ${dryRun === true ? 'would be sent' : 'sent'}`,
    `${number(counts.unchanged)} unchanged`,
  ];
  if (counts.deleted > 0) parts.push(`${number(counts.deleted)} deleted`);
  if (counts.rejected > 0) parts.push(`${number(counts.rejected)} refused by the service`);
  if (counts.failed > 0) parts.push(`${number(counts.failed)} failed`);
  if (counts.held > 0) parts.push(`${number(counts.held)} deletions held until somebody approves`);
  return parts.join(', ');
}
