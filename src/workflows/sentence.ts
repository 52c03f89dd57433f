import type { RunCounts } from '../feeds/counts.js';
import type { FeedOutcome, RunOptions } from './messages.js';

/** What a run of a feed did, in one sentence with numbers. */
export function sentenceOf(
  feed: string,
  outcome: FeedOutcome,
  counts: RunCounts,
  options: RunOptions,
  cause?: string,
): string {
  const what = `${options.dryRun === true ? 'Dry run' : options.ids === undefined ? 'Full sync' : 'Sync by ids'} of ${feed}`;
  switch (outcome) {
    case 'not available':
      return `${feed} is not available in this edition of Commerce.`;
    case 'failed':
      return `${what} failed after ${number(counts.sent)} items were sent: ${cause ?? 'unknown cause'}`;
    case 'cancelled':
      return `${what} was cancelled after ${numbers(counts, options)}; the next one goes on from the stored state.`;
    case 'completed':
    case 'completed with failures':
      return `${what}: ${numbers(counts, options)}.`;
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
  return parts.join(', ');
}

// Not toLocaleString: workflow code may run on machines with different locale data.
function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
