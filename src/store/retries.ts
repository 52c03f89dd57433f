import { STATUS } from './settlements.js';
import type { Store } from './store.js';

/** Rows whose items are to be sent again: retried ones whose time has come, and unanswered ones. */
const DUE = `status NOT IN (${STATUS.accepted}, ${STATUS.refused}, ${STATUS.failed})
  AND (next_try_at IS NULL OR next_try_at <= UTC_TIMESTAMP())`;

/** Which items of a feed the retry job takes. */
export interface RetryRules {
  /** Items that have failed for longer than this are left to people. */
  readonly maxAgeDays: number;
}

/** Source entities with items that are due, after an entity, ascending. */
export async function entitiesToRetry(
  store: Store,
  table: string,
  rules: RetryRules,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<number[]> {
  const rows = await store.rows<{ source_entity_id: number }>(
    `SELECT DISTINCT source_entity_id FROM ${store.t(table)}
     WHERE ${DUE} AND source_entity_id > ? AND ${youngEnough(rules)}
     ORDER BY source_entity_id LIMIT ?`,
    [after, limit],
  );
  return rows.map((row) => row.source_entity_id);
}

/** Whether a feed has items to send again. */
export async function hasRetries(store: Store, table: string, rules: RetryRules): Promise<boolean> {
  const rows = await store.rows(
    `SELECT 1 FROM ${store.t(table)} WHERE ${DUE} AND ${youngEnough(rules)} LIMIT 1`,
  );
  return rows.length > 0;
}

/** Items that the service has not taken, and the one of them that has waited longest. */
export interface OldestRetry {
  readonly items: number;
  /** Since its first failure; 0 where there is no such item. */
  readonly seconds: number;
  /** Why it was not taken; null where that is not known. */
  readonly error: string | null;
}

export async function oldestRetry(store: Store, table: string): Promise<OldestRetry> {
  const rows = await store.rows<{ items: number; seconds: number; error: string | null }>(
    `SELECT COUNT(*) OVER () AS items,
            TIMESTAMPDIFF(SECOND, first_failed_at, UTC_TIMESTAMP()) AS seconds, errors AS error
     FROM ${store.t(table)} WHERE status = ${STATUS.retry} AND first_failed_at IS NOT NULL
     ORDER BY first_failed_at LIMIT 1`,
  );
  return rows[0] ?? { items: 0, seconds: 0, error: null };
}

function youngEnough({ maxAgeDays }: RetryRules): string {
  return `(first_failed_at IS NULL
           OR first_failed_at > UTC_TIMESTAMP() - INTERVAL ${Math.trunc(maxAgeDays)} DAY)`;
}

/**
 * Makes the items of a feed that are to be sent again due at once; a person asks for it, so those
 * that have failed for so long that they were left to people count as young again.
 */
export async function makeRetriesDue(
  store: Store,
  table: string,
  rules: RetryRules,
): Promise<void> {
  await store.run(
    `UPDATE ${store.t(table)}
     SET next_try_at = UTC_TIMESTAMP(),
         first_failed_at = IF(${youngEnough(rules)}, first_failed_at, UTC_TIMESTAMP())
     WHERE status = ${STATUS.retry}`,
  );
}
