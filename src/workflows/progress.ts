import type { RunCounts } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import type { Operation } from '../feeds/operation.js';
import { describePause } from './pause.js';
import type { FeedProgress, Pause, Phase, Progress, RunOptions } from './messages.js';

export interface ProgressFacts {
  readonly feed: FeedName;
  readonly operation: Operation;
  readonly options: RunOptions;
  readonly phase: Phase;
  readonly paused: Pause | undefined;
  readonly counts: RunCounts;
  readonly total: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly now: Date;
}

export function progressOf(facts: ProgressFacts): Progress {
  const { feed, operation, options, phase, paused, counts, total, startedAt, now } = facts;
  const elapsed = (now.getTime() - Date.parse(startedAt)) / 1000;
  const left = total - counts.processed;
  return {
    feed,
    operation,
    options,
    phase,
    ...(paused === undefined ? {} : { paused }),
    processed: counts.processed,
    total,
    sent: counts.sent,
    skipped: counts.unchanged,
    rejected: counts.rejected,
    failed: counts.failed,
    requests: counts.requests,
    startedAt,
    etaSeconds:
      counts.processed === 0 ? null : Math.round((elapsed / counts.processed) * Math.max(left, 0)),
  };
}

/** Progress as Markdown, for the Temporal UI. */
export function describeProgress(progress: Progress): string {
  const share = progress.total === 0 ? 0 : Math.min(1, progress.processed / progress.total);
  const filled = Math.round(share * 20);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`;
  const eta = progress.etaSeconds === null ? 'unknown' : `${progress.etaSeconds} s`;
  return [
    `**${progress.feed}**: ${progress.operation}, ${progress.phase}`,
    ...(progress.paused === undefined ? [] : ['', `This run ${describePause(progress.paused)}.`]),
    '',
    `${bar} ${Math.round(share * 100)} % (${progress.processed} of ${progress.total} entities), time left ${eta}`,
    '',
    `sent ${progress.sent}, unchanged ${progress.skipped}, refused ${progress.rejected}, failed ${progress.failed}, requests ${progress.requests}`,
  ].join('\n');
}

/** The feeds of a launcher as a Markdown table, for the Temporal UI. */
export function describeFeeds(feeds: readonly FeedProgress[]): string {
  return [
    '| feed | state |',
    '| --- | --- |',
    ...feeds.map(
      ({ feed, state, waitsFor }) =>
        `| ${feed} | ${state}${waitsFor === undefined ? '' : `: ${waitsFor}`} |`,
    ),
  ].join('\n');
}
