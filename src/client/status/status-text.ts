import { table } from '../table.js';
import type { FeedStatus } from './feed-status.js';

/** How the feeds stand, for people: a line for each. */
export function statusText(rows: readonly FeedStatus[]): string {
  const quarantine = rows.some((row) => row.quarantined !== null);
  return table(
    [
      'feed',
      'source',
      'sent',
      'failed',
      'to retry',
      'waiting',
      ...(quarantine ? ['quarantined'] : []),
      'deleted',
      'backlog',
      'lag',
      'now',
      'last run',
    ],
    rows.map((row) => [
      row.feed,
      row.sourceRecords,
      row.accepted,
      row.failed,
      row.retry,
      row.waiting,
      ...(quarantine ? [row.quarantined ?? 0] : []),
      row.deleted,
      row.backlog,
      lagText(row.lagSeconds),
      row.available ? (row.running ?? 'idle') : 'not available in this edition',
      row.lastRun === null ? 'never' : `${row.lastRun.at.slice(0, 19)} ${row.lastRun.outcome}`,
    ]),
  );
}

/** `–`, `40 s`, `12 min`, `3 h`, `2 d`. */
export function lagText(seconds: number): string {
  if (seconds === 0) return '–';
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.floor(seconds / 3600)} h`
    : `${Math.floor(seconds / 86_400)} d`;
}
