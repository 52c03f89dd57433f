import { COUNT_NAMES, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import type { Operation } from '../feeds/operation.js';
import type { Store } from './store.js';

export type RunOutcome = 'completed' | 'completed with failures' | 'cancelled' | 'failed';

/** Who asked for a run of a feed, how and why. */
export interface RunRequest {
  readonly feed: FeedName;
  readonly operation: Operation;
  readonly workflowId: string;
  /** Of the first execution, so that continue-as-new stays one run. */
  readonly workflowRunId: string;
  readonly launchedBy: string | undefined;
  readonly requestedBy: string | undefined;
  readonly reason: string | undefined;
  readonly trigger: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly codeVersion: string;
  readonly contractVersion: number;
}

/** A line of the audit. Times are UTC, `YYYY-MM-DD HH:MM:SS.mmm`. */
export interface RunRecord extends RunRequest {
  readonly runId: number;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly outcome: RunOutcome | undefined;
  readonly sentence: string | undefined;
  readonly counts: RunCounts;
}

/** Writes the start of a run, once for each workflow run; returns its id. */
export async function recordRunStart(store: Store, request: RunRequest): Promise<number> {
  await store.run(
    `INSERT INTO ${store.t('sync_run')}
       (feed, operation, workflow_id, workflow_run_id, launched_by, requested_by, reason,
        trigger_source, options, code_version, contract_version, started_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))
     ON DUPLICATE KEY UPDATE run_id = run_id`,
    [
      request.feed,
      request.operation,
      request.workflowId,
      request.workflowRunId,
      request.launchedBy ?? null,
      request.requestedBy ?? null,
      request.reason ?? null,
      request.trigger,
      JSON.stringify(request.options),
      request.codeVersion,
      request.contractVersion,
    ],
  );
  const [row] = await store.rows<{ run_id: number }>(
    `SELECT run_id FROM ${store.t('sync_run')} WHERE workflow_run_id = ?`,
    [request.workflowRunId],
  );
  if (row === undefined) throw new Error(`no run was stored for ${request.workflowRunId}`);
  return row.run_id;
}

export interface RunEnd {
  readonly outcome: RunOutcome;
  readonly sentence: string;
  readonly counts: RunCounts;
}

/** Notes that a running run has other options than it began with. */
export async function recordRunOptions(
  store: Store,
  runId: number,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  await store.run(`UPDATE ${store.t('sync_run')} SET options = ? WHERE run_id = ?`, [
    JSON.stringify(options),
    runId,
  ]);
}

/** Writes the end of a run; the first end that is written stays, and is returned. */
export async function recordRunEnd(store: Store, runId: number, end: RunEnd): Promise<RunEnd> {
  await store.run(
    `UPDATE ${store.t('sync_run')}
     SET ended_at = UTC_TIMESTAMP(3), outcome = ?, sentence = ?,
         ${COUNT_NAMES.map((name) => `${name} = ?`).join(', ')}
     WHERE run_id = ? AND ended_at IS NULL`,
    [end.outcome, end.sentence, ...COUNT_NAMES.map((name) => end.counts[name]), runId],
  );
  const [row] = await store.rows<RunRow>(`SELECT * FROM ${store.t('sync_run')} WHERE run_id = ?`, [
    runId,
  ]);
  if (row === undefined) return end;
  return {
    outcome: row.outcome ?? end.outcome,
    sentence: row.sentence ?? '',
    counts: countsOf(row),
  };
}

/** The latest runs, newest first. */
export async function latestRuns(
  store: Store,
  { feed, limit }: { readonly feed?: FeedName; readonly limit: number },
): Promise<RunRecord[]> {
  const rows = await store.rows<RunRow>(
    `SELECT * FROM ${store.t('sync_run')} ${feed === undefined ? '' : 'WHERE feed = ?'}
     ORDER BY run_id DESC LIMIT ?`,
    feed === undefined ? [limit] : [feed, limit],
  );
  return rows.map((row) => ({
    runId: row.run_id,
    feed: row.feed,
    operation: row.operation,
    workflowId: row.workflow_id,
    workflowRunId: row.workflow_run_id,
    launchedBy: row.launched_by ?? undefined,
    requestedBy: row.requested_by ?? undefined,
    reason: row.reason ?? undefined,
    trigger: row.trigger_source,
    options: JSON.parse(row.options) as Record<string, unknown>,
    codeVersion: row.code_version,
    contractVersion: row.contract_version,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    outcome: row.outcome ?? undefined,
    sentence: row.sentence ?? undefined,
    counts: countsOf(row),
  }));
}

type RunRow = Record<keyof RunCounts, number> & {
  run_id: number;
  feed: FeedName;
  operation: Operation;
  workflow_id: string;
  workflow_run_id: string;
  launched_by: string | null;
  requested_by: string | null;
  reason: string | null;
  trigger_source: string;
  options: string;
  code_version: string;
  contract_version: number;
  started_at: string;
  ended_at: string | null;
  outcome: RunOutcome | null;
  sentence: string | null;
};

function countsOf(row: RunRow): RunCounts {
  const counts: Record<keyof RunCounts, number> = { ...NO_COUNTS };
  for (const name of COUNT_NAMES) counts[name] = row[name];
  return counts;
}
