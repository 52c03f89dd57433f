import { COUNT_NAMES, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import type { Operation } from '../feeds/operation.js';
import type { Store } from './store.js';

/** How a run ends by itself. */
export type RunOutcome = 'completed' | 'completed with failures' | 'cancelled' | 'failed';

/** `terminated`: somebody ended it from outside; `lost`: Temporal knows it no more. */
export type RecordedOutcome = RunOutcome | 'terminated' | 'lost';

export const RECORDED_OUTCOMES = [
  'completed',
  'completed with failures',
  'cancelled',
  'failed',
  'terminated',
  'lost',
] as const satisfies readonly RecordedOutcome[];

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
  readonly outcome: RecordedOutcome | undefined;
  readonly sentence: string | undefined;
  readonly counts: RunCounts;
}

// The audit only grows: here a run is written once and ended once, nowhere else is it changed, and
// nothing but retention (`pruneRuns`) removes it.

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
      cut(request.workflowId, 255),
      request.workflowRunId,
      cut(request.launchedBy, 255),
      cut(request.requestedBy, 255),
      cut(request.reason, 1000),
      cut(request.trigger, 64),
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

/**
 * Writes the end of a run; the first end that is written stays, and is returned. Where the run was
 * closed from outside meanwhile, the record stays as it is, and the run gets its own end back.
 */
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
  if (row.outcome === 'terminated' || row.outcome === 'lost') return end;
  return {
    outcome: row.outcome ?? end.outcome,
    sentence: row.sentence ?? '',
    counts: countsOf(row),
  };
}

/** Closes a run that cannot do so itself; returns whether it was open. */
export async function closeRun(
  store: Store,
  runId: number,
  end: {
    readonly outcome: RecordedOutcome;
    readonly sentence: string;
    readonly counts: RunCounts;
    /** Default: now. */
    readonly endedAt: Date | undefined;
  },
): Promise<boolean> {
  const touched = await store.run(
    `UPDATE ${store.t('sync_run')}
     SET ended_at = GREATEST(started_at, IFNULL(?, UTC_TIMESTAMP(3))), outcome = ?, sentence = ?,
         ${COUNT_NAMES.map((name) => `${name} = ?`).join(', ')}
     WHERE run_id = ? AND ended_at IS NULL`,
    [
      end.endedAt === undefined ? null : end.endedAt.toISOString().slice(0, 23).replace('T', ' '),
      end.outcome,
      end.sentence,
      ...COUNT_NAMES.map((name) => end.counts[name]),
      runId,
    ],
  );
  return touched > 0;
}

/** A row of `sync_run` as a record. */
export function runRecord(row: RunRow): RunRecord {
  return {
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
  };
}

export type RunRow = Record<keyof RunCounts, number> & {
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
  outcome: RecordedOutcome | null;
  sentence: string | null;
};

function countsOf(row: RunRow): RunCounts {
  const counts: Record<keyof RunCounts, number> = { ...NO_COUNTS };
  for (const name of COUNT_NAMES) counts[name] = row[name];
  return counts;
}

/** A text as its column can hold it: people name workflows as they like. */
function cut(text: string, length: number): string;
function cut(text: string | undefined, length: number): string | null;
function cut(text: string | undefined, length: number): string | null {
  return text === undefined ? null : Array.from(text).slice(0, length).join('');
}
