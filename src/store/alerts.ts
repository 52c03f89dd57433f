import type { Store } from './store.js';

/** An alert that was told and is not resolved. */
export interface OpenAlert {
  readonly key: string;
  readonly level: number;
  readonly what: string;
  /** UTC, `YYYY-MM-DD HH:MM:SS.mmm`. */
  readonly raisedAt: string;
}

export async function openAlerts(store: Store): Promise<OpenAlert[]> {
  return store.rows<OpenAlert>(
    `SELECT alert_key AS \`key\`, level, what, raised_at AS raisedAt
     FROM ${store.t('alert')} ORDER BY raised_at, alert_key`,
  );
}

/** Notes an alert; false where it is noted at this level already, by whomever. */
export async function noteAlert(
  store: Store,
  { key, level, what }: Pick<OpenAlert, 'key' | 'level' | 'what'>,
): Promise<boolean> {
  const inserted = await store.run(
    `INSERT IGNORE INTO ${store.t('alert')} (alert_key, level, what, raised_at)
     VALUES (?, ?, ?, UTC_TIMESTAMP(3))`,
    [key, level, what.slice(0, 1000)],
  );
  if (inserted > 0) return true;
  const worse = await store.run(
    `UPDATE ${store.t('alert')} SET what = ?, level = ? WHERE alert_key = ? AND level < ?`,
    [what.slice(0, 1000), level, key, level],
  );
  return worse > 0;
}

/** Forgets an alert; false where somebody else did. */
export async function forgetAlert(store: Store, key: string): Promise<boolean> {
  return (await store.run(`DELETE FROM ${store.t('alert')} WHERE alert_key = ?`, [key])) > 0;
}
