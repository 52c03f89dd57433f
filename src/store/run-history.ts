import type { FeedName } from '../feeds/names.js';
import { runRecord, type RecordedOutcome, type RunRecord, type RunRow } from './runs.js';
import type { Store } from './store.js';

/** Which runs; all conditions have to hold. */
export interface RunFilter {
  readonly feeds?: readonly FeedName[];
  /** Runs that started then or later. */
  readonly since?: Date;
  /** `running`: not ended yet. */
  readonly outcomes?: readonly (RecordedOutcome | 'running')[];
  /** The run's own workflow ID, or that of the workflow that launched it. */
  readonly workflowId?: string;
  readonly limit: number;
}

/** Runs that pass the filter, newest first. */
export async function findRuns(store: Store, filter: RunFilter): Promise<RunRecord[]> {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const add = (condition: string, ...bound: readonly unknown[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  const { feeds, since, outcomes, workflowId } = filter;
  if (feeds !== undefined) add(`feed IN (${places(feeds)})`, ...feeds);
  if (since !== undefined) {
    add('started_at >= ?', since.toISOString().slice(0, 23).replace('T', ' '));
  }
  if (outcomes !== undefined) {
    const ended = outcomes.filter((outcome) => outcome !== 'running');
    const alternatives = [
      ...(ended.length > 0 ? [`outcome IN (${places(ended)})`] : []),
      ...(outcomes.includes('running') ? ['ended_at IS NULL'] : []),
    ];
    add(`(${alternatives.join(' OR ')})`, ...ended);
  }
  if (workflowId !== undefined) add('(launched_by = ? OR workflow_id = ?)', workflowId, workflowId);
  const rows = await store.rows<RunRow>(
    `SELECT * FROM ${store.t('sync_run')}
     ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
     ORDER BY run_id DESC LIMIT ?`,
    [...values, filter.limit],
  );
  return rows.map(runRecord);
}

/** One run by its number. */
export async function findRun(store: Store, runId: number): Promise<RunRecord | undefined> {
  const rows = await store.rows<RunRow>(`SELECT * FROM ${store.t('sync_run')} WHERE run_id = ?`, [
    runId,
  ]);
  return rows.map(runRecord)[0];
}

/** Runs that have not ended, oldest first, and started at least so many seconds ago. */
export async function openRuns(
  store: Store,
  { olderThanSeconds, limit }: { readonly olderThanSeconds: number; readonly limit: number },
): Promise<RunRecord[]> {
  const rows = await store.rows<RunRow>(
    `SELECT * FROM ${store.t('sync_run')}
     WHERE ended_at IS NULL AND started_at <= UTC_TIMESTAMP(3) - INTERVAL ? SECOND
     ORDER BY run_id LIMIT ?`,
    [olderThanSeconds, limit],
  );
  return rows.map(runRecord);
}

const PRUNE_SLICE = 1000;

/**
 * Removes records of runs that ended so many days ago; the last run of each feed stays, whatever its
 * age, and so does what is still open. Returns how many were removed.
 */
export async function pruneRuns(
  store: Store,
  { days, beat }: { readonly days: number; readonly beat: () => void },
): Promise<number> {
  if (days === 0) return 0;
  const newest = await store.rows<{ run_id: number }>(
    `SELECT MAX(run_id) AS run_id FROM ${store.t('sync_run')} GROUP BY feed`,
  );
  const kept = newest.map((row) => row.run_id);
  let removed = 0;
  for (;;) {
    const old = await store.rows<{ run_id: number }>(
      `SELECT run_id FROM ${store.t('sync_run')}
       WHERE ended_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY
         ${kept.length === 0 ? '' : `AND run_id NOT IN (${places(kept)})`}
       ORDER BY ended_at LIMIT ?`,
      [days, ...kept, PRUNE_SLICE],
    );
    if (old.length === 0) return removed;
    const ids = old.map((row) => row.run_id);
    removed += await store.run(
      `DELETE FROM ${store.t('sync_run')} WHERE run_id IN (${places(ids)})`,
      ids,
    );
    beat();
  }
}

function places(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
