import type { FeedName } from '../feeds/names.js';
import { drawCollectedSeq } from './sequence.js';
import { STATUS } from './settlements.js';
import type { Store } from './store.js';

/** Where a comparison of a feed stands, so that it can go on after a stop. */
export interface VerificationState {
  readonly pass: 'source' | 'service';
  /** The last source id, or feed id, that was compared; -1 and '' before the first. */
  readonly position: string;
  /** What was found so far, as JSON. */
  readonly findings: string;
}

/** A comparison of a feed. */
export interface VerificationOwner {
  readonly feed: FeedName;
  /** Names it among others of the same feed. */
  readonly owner: string;
  /** Whether what drifted is queued. */
  readonly fix: boolean;
}

/**
 * Takes over the comparison of a feed that was stopped, or whose process is gone. Undefined where
 * there is none, or where it was one that queued what this one does not, or the other way round:
 * then it begins anew, from `start`.
 */
export async function takeVerification(
  store: Store,
  { feed, owner, fix }: VerificationOwner,
  start: VerificationState,
): Promise<{ readonly found: VerificationState | undefined; readonly dropped: boolean }> {
  return store.transaction(async (transaction) => {
    const [row] = await store.rows<VerificationState & { readonly fix: number }>(
      `SELECT pass, position, findings, fix FROM ${store.t('verification')}
       WHERE feed = ? FOR UPDATE`,
      [feed],
      transaction,
    );
    if (row !== undefined && (row.fix === 1) === fix) {
      await store.run(
        `UPDATE ${store.t('verification')} SET owner = ? WHERE feed = ?`,
        [owner, feed],
        transaction,
      );
      return { found: row, dropped: false };
    }
    await store.run(
      `REPLACE INTO ${store.t('verification')}
         (feed, pass, position, findings, fix, owner, started_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))`,
      [feed, start.pass, start.position, start.findings, fix, owner],
      transaction,
    );
    return { found: undefined, dropped: row !== undefined };
  });
}

/** Notes how far a comparison has come; false where another one took it over. */
export async function saveVerification(
  store: Store,
  { feed, owner }: VerificationOwner,
  { pass, position, findings }: VerificationState,
): Promise<boolean> {
  const touched = await store.run(
    `UPDATE ${store.t('verification')}
     SET pass = ?, position = ?, findings = ?, updated_at = UTC_TIMESTAMP(3)
     WHERE feed = ? AND owner = ?`,
    [pass, position, findings, feed, owner],
  );
  return touched > 0;
}

/** Ends a comparison, and keeps what it came to; false where another one took it over. */
export async function endVerification(
  store: Store,
  { feed, owner, fix }: VerificationOwner,
  { findings, withService }: { readonly findings: string; readonly withService: boolean },
): Promise<boolean> {
  return store.transaction(async (transaction) => {
    const kept = await store.run(
      `REPLACE INTO ${store.t('verification_result')}
         (feed, fix, with_service, findings, started_at, ended_at)
       SELECT feed, ?, ?, ?, started_at, UTC_TIMESTAMP(3)
       FROM ${store.t('verification')} WHERE feed = ? AND owner = ?`,
      [fix, withService, findings, feed, owner],
      transaction,
    );
    if (kept === 0) return false;
    await store.run(
      `DELETE FROM ${store.t('verification')} WHERE feed = ? AND owner = ?`,
      [feed, owner],
      transaction,
    );
    return true;
  });
}

export async function dropVerification(store: Store, feed: FeedName): Promise<void> {
  await store.run(`DELETE FROM ${store.t('verification')} WHERE feed = ?`, [feed]);
}

/** What the last comparison of a feed that came to its end found. */
export interface VerificationResult {
  readonly feed: FeedName;
  readonly fix: boolean;
  readonly withService: boolean;
  readonly findings: string;
  /** UTC, `YYYY-MM-DD HH:MM:SS.mmm`. */
  readonly endedAt: string;
}

export async function verificationResults(store: Store): Promise<VerificationResult[]> {
  const rows = await store.rows<{
    feed: FeedName;
    fix: number;
    with_service: number;
    findings: string;
    ended_at: string;
  }>(
    `SELECT feed, fix, with_service, findings, ended_at FROM ${store.t('verification_result')}
     ORDER BY feed`,
  );
  return rows.map((row) => ({
    feed: row.feed,
    fix: row.fix === 1,
    withService: row.with_service === 1,
    findings: row.findings,
    endedAt: row.ended_at,
  }));
}

/** What the feed table says of an item that the service is asked for. */
export interface ComparableState {
  readonly id: number;
  readonly feedId: string;
  readonly sourceId: number;
  readonly hash: string;
  readonly hashVersion: number;
  readonly collectedSeq: number;
  /** The service has it: accepted, not deleted, not missing. */
  readonly isThere: boolean;
  /** The service acknowledged its deletion. */
  readonly isGone: boolean;
}

/** Rows after one feed id up to another, in order, at most `limit`. */
export async function statesByFeedId(
  store: Store,
  table: string,
  { after, upTo, limit }: { readonly after: string; readonly upTo: string; readonly limit: number },
): Promise<ComparableState[]> {
  const rows = await store.rows<StateRow>(
    `SELECT ${COLUMNS} FROM ${store.t(table)}
     WHERE feed_id > ? AND feed_id <= ? ORDER BY feed_id LIMIT ?`,
    [after, upTo, limit],
  );
  return rows.map(comparable);
}

/** The rows of some items. */
export async function statesOfFeedIds(
  store: Store,
  table: string,
  feedIds: readonly string[],
): Promise<ComparableState[]> {
  if (feedIds.length === 0) return [];
  const rows = await store.rows<StateRow>(
    `SELECT ${COLUMNS} FROM ${store.t(table)} WHERE feed_id IN (?)`,
    [feedIds],
  );
  return rows.map(comparable);
}

interface StateRow {
  id: number;
  feed_id: string;
  source_entity_id: number;
  feed_hash: string;
  hash_version: number;
  collected_seq: number;
  is_there: number;
  is_gone: number;
}

const COLUMNS = `id, feed_id, source_entity_id, feed_hash, hash_version, collected_seq,
  status = ${STATUS.accepted} AND is_deleted = 0 AND missing_seq IS NULL AS is_there,
  status = ${STATUS.accepted} AND is_deleted = 1 AS is_gone`;

function comparable(row: StateRow): ComparableState {
  return {
    id: row.id,
    feedId: row.feed_id,
    sourceId: row.source_entity_id,
    hash: row.feed_hash,
    hashVersion: row.hash_version,
    collectedSeq: row.collected_seq,
    isThere: row.is_there === 1,
    isGone: row.is_gone === 1,
  };
}

/** Makes accepted items count as never sent, each only if nothing happened to it meanwhile. */
export async function forgetAccepted(
  store: Store,
  table: string,
  items: readonly Pick<ComparableState, 'id' | 'collectedSeq'>[],
): Promise<void> {
  if (items.length === 0) return;
  await store.run(
    `UPDATE ${store.t(table)} SET feed_hash = '', status = ${STATUS.waiting}
     WHERE status = ${STATUS.accepted} AND (id, collected_seq) IN (${items.map(() => '(?, ?)').join(', ')})`,
    items.flatMap(({ id, collectedSeq }) => [id, collectedSeq]),
  );
}

/** An item that the service holds and that nobody yields any more, as far as is known. */
export interface StrayItem {
  readonly feedId: string;
  readonly sourceId: number;
  /** What a deletion says of it. */
  readonly keptJson: string;
}

/**
 * Notes items that the service holds although the exporter does not know of them, or knows them as
 * deleted: the next run of their entities sends their deletion, or the item if it is there after all.
 */
export async function adoptStrays(
  store: Store,
  table: string,
  strays: readonly StrayItem[],
): Promise<void> {
  if (strays.length === 0) return;
  const seq = await drawCollectedSeq(store);
  await store.run(
    `INSERT INTO ${store.t(table)}
       (feed_id, source_entity_id, feed_data, collected_seq, missing_seq, modified_at)
     VALUES ${strays.map(() => '(?, ?, ?, ?, ?, UTC_TIMESTAMP(3))').join(', ')}
     ON DUPLICATE KEY UPDATE
       missing_seq = IF(is_deleted = 1, VALUES(missing_seq), missing_seq),
       status = IF(is_deleted = 1, ${STATUS.waiting}, status),
       feed_hash = IF(is_deleted = 1, '', feed_hash),
       is_deleted = 0`,
    strays.flatMap((each) => [each.feedId, each.sourceId, each.keptJson, seq, seq]),
  );
}
