import { addCounts, COUNT_NAMES, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { ExportError } from '../errors/export-error.js';
import type { Store, Transaction } from './store.js';

/** A part of a run: a range of source ids, or some ids, with the place where its work stands. */
export interface Segment {
  readonly runId: number;
  readonly number: number;
  readonly from: number;
  readonly to: number;
  /** The last source id whose items are settled; undefined before the first page. */
  readonly cursor: number | undefined;
  /** Only these source ids, ascending. */
  readonly ids: readonly number[] | undefined;
  readonly attempt: number;
  readonly counts: RunCounts;
  readonly done: boolean;
}

export interface PlannedSegment {
  readonly from: number;
  readonly to: number;
  readonly ids?: readonly number[];
}

/** The segments after the planned ones: deletions, the publishing of stored items, changed entities. */
export const DELETIONS_SEGMENT = 1_000_000;
export const PUBLISHING_SEGMENT = 1_000_001;
export const PENDING_SEGMENT = 1_000_002;

/** Stores the segments of a run, once; a second call for the run changes nothing. */
export async function saveSegments(
  store: Store,
  runId: number,
  segments: readonly PlannedSegment[],
): Promise<void> {
  await store.run(
    `INSERT IGNORE INTO ${store.t('sync_segment')} (run_id, segment, from_id, to_id)
     VALUES (?, ?, 0, 0), (?, ?, 0, 0), (?, ?, 0, 0)`,
    [runId, DELETIONS_SEGMENT, runId, PUBLISHING_SEGMENT, runId, PENDING_SEGMENT],
  );
  for (let at = 0; at < segments.length; at += 500) {
    const slice = segments.slice(at, at + 500);
    await store.run(
      `INSERT IGNORE INTO ${store.t('sync_segment')} (run_id, segment, from_id, to_id, source_ids)
       VALUES ${slice.map(() => '(?, ?, ?, ?, ?)').join(', ')}`,
      slice.flatMap(({ from, to, ids }, index) => [
        runId,
        at + index,
        from,
        to,
        ids === undefined ? null : JSON.stringify(ids),
      ]),
    );
  }
}

/** Opens a segment for a new attempt, which makes earlier attempts powerless. */
export async function openSegment(store: Store, runId: number, number: number): Promise<Segment> {
  return store.transaction(async (transaction) => {
    await store.run(
      `UPDATE ${store.t('sync_segment')} SET attempt = attempt + 1 WHERE run_id = ? AND segment = ?`,
      [runId, number],
      transaction,
    );
    const [row] = await store.rows<SegmentRow>(
      `SELECT * FROM ${store.t('sync_segment')} WHERE run_id = ? AND segment = ?`,
      [runId, number],
      transaction,
    );
    if (row === undefined) throw new Error(`run ${runId} has no segment ${number}`);
    return {
      runId,
      number,
      from: row.from_id,
      to: row.to_id,
      cursor: row.cursor_id ?? undefined,
      ids: row.source_ids === null ? undefined : (JSON.parse(row.source_ids) as number[]),
      attempt: row.attempt,
      counts: countsOf(row),
      done: row.done === 1,
    };
  });
}

export interface SegmentStep {
  /** Where the cursor moves to; it stays by default. */
  readonly cursor?: number | undefined;
  readonly counts: RunCounts;
  /** Whether the segment ends with this step. Default false. */
  readonly done?: boolean;
}

/**
 * Moves a segment's cursor and adds to its counts, in the transaction that settles the page.
 *
 * @throws ExportError SDE30-03 when a later attempt has opened the segment.
 */
export async function advanceSegment(
  store: Store,
  transaction: Transaction,
  segment: Pick<Segment, 'runId' | 'number' | 'attempt'>,
  step: SegmentStep,
): Promise<void> {
  const touched = await store.run(
    `UPDATE ${store.t('sync_segment')}
     SET cursor_id = IFNULL(?, cursor_id), done = ?,
         ${COUNT_NAMES.map((name) => `${name} = ${name} + ?`).join(', ')},
         attempt = attempt
     WHERE run_id = ? AND segment = ? AND attempt = ?`,
    [
      step.cursor ?? null,
      step.done ?? false,
      ...COUNT_NAMES.map((name) => step.counts[name]),
      segment.runId,
      segment.number,
      segment.attempt,
    ],
    transaction,
  );
  if (touched === 0 && !(await isCurrent(store, transaction, segment))) {
    throw new ExportError('SDE30-03', {
      message: `A later attempt has taken over segment ${segment.number} of run ${segment.runId}.`,
    });
  }
}

/** The counts of all segments of a run so far. */
export async function segmentCounts(store: Store, runId: number): Promise<RunCounts> {
  const rows = await store.rows<SegmentRow>(
    `SELECT * FROM ${store.t('sync_segment')} WHERE run_id = ?`,
    [runId],
  );
  return rows.map(countsOf).reduce(addCounts, NO_COUNTS);
}

/** Removes the segments of a run that has ended. */
export async function dropSegments(store: Store, runId: number): Promise<void> {
  await store.run(`DELETE FROM ${store.t('sync_segment')} WHERE run_id = ?`, [runId]);
}

// An update that changes nothing may count no rows.
async function isCurrent(
  store: Store,
  transaction: Transaction,
  segment: Pick<Segment, 'runId' | 'number' | 'attempt'>,
): Promise<boolean> {
  const rows = await store.rows(
    `SELECT 1 FROM ${store.t('sync_segment')} WHERE run_id = ? AND segment = ? AND attempt = ?`,
    [segment.runId, segment.number, segment.attempt],
    transaction,
  );
  return rows.length > 0;
}

type SegmentRow = Record<keyof RunCounts, number> & {
  from_id: number;
  to_id: number;
  cursor_id: number | null;
  source_ids: string | null;
  attempt: number;
  done: number;
};

function countsOf(row: SegmentRow): RunCounts {
  const counts: Record<keyof RunCounts, number> = { ...NO_COUNTS };
  for (const name of COUNT_NAMES) counts[name] = row[name];
  return counts;
}
