import type { RunCounts } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import type { Operation } from '../feeds/operation.js';
import { duration, number } from './figures.js';
import { describePause } from './pause.js';
import type {
  FeedProgress,
  Pause,
  Phase,
  Progress,
  RunError,
  RunOptions,
  RunWait,
} from './messages.js';

export interface ProgressFacts {
  readonly feed: FeedName;
  readonly operation: Operation;
  readonly options: RunOptions;
  readonly phase: Phase;
  readonly paused: Pause | undefined;
  readonly waitsFor?: RunWait | undefined;
  readonly lastError?: RunError | undefined;
  readonly counts: RunCounts;
  readonly total: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly now: Date;
}

export function progressOf(facts: ProgressFacts): Progress {
  const { feed, operation, options, phase, paused, waitsFor, lastError } = facts;
  const { counts, total, startedAt, now } = facts;
  const elapsed = (now.getTime() - Date.parse(startedAt)) / 1000;
  const left = total - counts.processed;
  return {
    feed,
    operation,
    options,
    phase,
    ...(paused === undefined ? {} : { paused }),
    ...(waitsFor === undefined ? {} : { waitsFor }),
    ...(lastError === undefined ? {} : { lastError }),
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
export function describeProgress(progress: Progress, now: Date): string {
  const { feed, operation, phase, paused, waitsFor, lastError, processed, total } = progress;
  const dryRun = progress.options.dryRun === true ? ', nothing is sent: dry run' : '';
  return [
    `**${feed}**: ${operation}, ${paused === undefined ? phase : 'paused'}${dryRun}`,
    ...(paused === undefined ? [] : [`This run ${describePause(paused)}; nothing leaves.`]),
    ...(waitsFor === undefined
      ? []
      : [`Waiting until ${clockTime(waitsFor.until)}: ${waitsFor.reason}.`]),
    total === 0
      ? `${number(processed)} entities done`
      : `${bar(processed / total)} of ${number(total)} entities, ${number(processed)} done`,
    pace(progress, now),
    [
      `sent ${number(progress.sent)}`,
      `unchanged ${number(progress.skipped)}`,
      `refused ${number(progress.rejected)}`,
      `failed ${number(progress.failed)}`,
      `requests ${number(progress.requests)}`,
    ].join(' · '),
    ...(lastError === undefined
      ? []
      : [`Last error, at ${clockTime(lastError.at)}: ${lastError.message}`]),
    // The UI's frame cuts off the last line.
    '\u00a0',
  ].join('\n\n');
}

/** `████████░░░░░░░░░░░░ 40 %`. */
function bar(share: number): string {
  const filled = Math.round(Math.min(1, share) * 20);
  const percent = Math.floor(Math.min(1, share) * 100);
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${percent} %`;
}

/** `12 items a second for 45 s, about 3 min left, as of 14:03:10 UTC`. */
function pace(progress: Progress, now: Date): string {
  const { startedAt, sent, skipped, total, etaSeconds, paused } = progress;
  const seconds = (now.getTime() - Date.parse(startedAt)) / 1000;
  const rate = seconds > 0 ? (sent + skipped) / seconds : 0;
  const shown = rate >= 10 ? number(Math.round(rate)) : rate.toFixed(1);
  const left =
    total === 0 || etaSeconds === null || paused !== undefined
      ? ''
      : `, about ${duration(etaSeconds)} left`;
  const time = clockTime(now.toISOString());
  return `${shown} items a second for ${duration(seconds)}${left}, as of ${time}`;
}

/** `14:03:10 UTC`. */
function clockTime(rfc3339: string): string {
  return `${rfc3339.slice(11, 19)} UTC`;
}

/** The feeds of a full sync as a Markdown table, for the Temporal UI. */
export function describeFeeds(
  feeds: readonly FeedProgress[],
  paused: Pause | undefined,
  now: Date,
): string {
  return [
    ...(paused === undefined ? [] : [`This full sync ${describePause(paused)}.`, '']),
    '| feed | state |',
    '| --- | --- |',
    ...feeds.map(
      ({ feed, state, waitsFor }) =>
        `| ${feed} | ${state}${waitsFor === undefined ? '' : `: ${waitsFor}`} |`,
    ),
    '',
    `as of ${clockTime(now.toISOString())}`,
  ].join('\n');
}
