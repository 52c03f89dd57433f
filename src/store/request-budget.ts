import type { Store } from './store.js';

/**
 * A request that leaves this much after it was due does not move the following ones, so that the
 * budget is used in full. More would take from the room for the network: of a budget of two, three
 * requests leave within no less than a second.
 */
const CATCH_UP_MICROSECONDS = 10_000;
/**
 * Room for the network: requests that leave in equal intervals arrive in unequal ones, and the
 * service is to see no more than the budget in any ten seconds.
 */
const SPARE = 1.01;
/** How long after a request is due a waiting change may take to ask again. */
const CHANGE_GRACE_MICROSECONDS = 60_000;

export interface Budget {
  /** One row for each. */
  readonly credential: string;
  /** 0: no limit. */
  readonly requestsPerSecond: number;
}

export type Grant =
  | { readonly granted: true }
  | {
      readonly granted: false;
      /** Until it is worth asking again. */
      readonly milliseconds: number;
      readonly because: 'budget' | 'change' | 'blocked';
    };

/**
 * Asks for leave to make one request now: granted when one is due, over all workers, and never for
 * a time ahead, so that a change does not wait behind a queue of a full sync. While a change waits,
 * full syncs get no leave. All times are the database's; where its clock has jumped back, waits are
 * cut to what they can be.
 */
export async function askForRequest(
  store: Store,
  { credential, requestsPerSecond }: Budget,
  priority: 'change' | 'full',
): Promise<Grant> {
  const budget = store.t('request_budget');
  const interval = requestsPerSecond === 0 ? 0 : Math.ceil((1e6 / requestsPerSecond) * SPARE);
  if (interval > 0) {
    const taken = await store.run(
      `UPDATE ${budget}
       SET due_at = IF(due_at < UTC_TIMESTAMP(6) - INTERVAL ${CATCH_UP_MICROSECONDS} MICROSECOND,
                       UTC_TIMESTAMP(6), due_at) + INTERVAL ? MICROSECOND
       WHERE credential = ? AND due_at <= UTC_TIMESTAMP(6)
         AND (blocked_until IS NULL OR blocked_until <= UTC_TIMESTAMP(6))
         AND (? OR change_waiting_until IS NULL OR change_waiting_until <= UTC_TIMESTAMP(6))`,
      [interval, credential, priority === 'change'],
    );
    if (taken > 0) return { granted: true };
  }
  const [row] = await store.rows<{
    due_in: number;
    change_in: number | null;
    blocked_in: number | null;
    blocked_seconds: string;
  }>(
    `SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), due_at) AS due_in,
            TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), change_waiting_until) AS change_in,
            TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), blocked_until) AS blocked_in,
            blocked_seconds
     FROM ${budget} WHERE credential = ?`,
    [credential],
  );
  if (row === undefined) {
    await ensureBudget(store, credential);
    return refusal(0, 'budget');
  }
  const longestBlock = Number(row.blocked_seconds) * 1e6;
  if (row.due_in > interval + 1e5 || (row.blocked_in ?? 0) > longestBlock + 1e5) {
    await clampBudget(store, credential, interval);
  }
  const due = Math.min(row.due_in, interval);
  const blocked = Math.min(row.blocked_in ?? 0, longestBlock);
  if (blocked > 0) return refusal(Math.max(blocked, due), 'blocked');
  if (interval === 0) return { granted: true };
  if (priority === 'change') {
    await store.run(
      `UPDATE ${budget}
       SET change_waiting_until =
         GREATEST(due_at, UTC_TIMESTAMP(6)) + INTERVAL ${CHANGE_GRACE_MICROSECONDS} MICROSECOND
       WHERE credential = ?`,
      [credential],
    );
    return refusal(due, 'budget');
  }
  const change = Math.min(row.change_in ?? 0, interval + CHANGE_GRACE_MICROSECONDS);
  return change > due ? refusal(change, 'change') : refusal(due, 'budget');
}

/** Holds all requests of a credential back for some seconds from now. */
export async function holdRequestsBack(
  store: Store,
  credential: string,
  seconds: number,
): Promise<void> {
  await ensureBudget(store, credential);
  await store.run(
    `UPDATE ${store.t('request_budget')}
     SET blocked_seconds = GREATEST(?, IF(blocked_until > UTC_TIMESTAMP(6), blocked_seconds, 0)),
         blocked_until = GREATEST(IFNULL(blocked_until, UTC_TIMESTAMP(6)),
                                  UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND)
     WHERE credential = ?`,
    [seconds, Math.ceil(seconds * 1e6), credential],
  );
}

/** Makes the row of a credential, unless it is there. */
async function ensureBudget(store: Store, credential: string): Promise<void> {
  await store.run(
    `INSERT IGNORE INTO ${store.t('request_budget')} (credential, due_at)
     VALUES (?, UTC_TIMESTAMP(6))`,
    [credential],
  );
}

async function clampBudget(store: Store, credential: string, interval: number): Promise<void> {
  await store.run(
    `UPDATE ${store.t('request_budget')}
     SET due_at = LEAST(due_at, UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND),
         change_waiting_until = NULL,
         blocked_until = LEAST(blocked_until, UTC_TIMESTAMP(6) + INTERVAL CEIL(blocked_seconds * 1000000) MICROSECOND)
     WHERE credential = ?`,
    [interval, credential],
  );
}

function refusal(microseconds: number, because: 'budget' | 'change' | 'blocked'): Grant {
  return { granted: false, milliseconds: Math.max(1, microseconds / 1000), because };
}
