import type { Store } from './store.js';

/** Days after which an alert that nobody looks at any more, or cannot be told of, is given up. */
const GIVE_UP_DAYS = 7;
/** How long whoever tells an alert is waited for; a worker that dies while telling holds it so long. */
const CLAIM_SECONDS = 120;

/** An alert as it is kept. */
export interface KeptAlert {
  readonly key: string;
  /** How bad it is; it is told again when that grows. */
  readonly level: number;
  readonly what: string;
  readonly cause: string;
  readonly command: string;
}

/** What a channel is to be told of an alert. */
export interface DueDelivery extends KeptAlert {
  readonly status: 'raised' | 'resolved';
  /** The level it was told at; 0: never. */
  readonly toldLevel: number;
}

/** The server's time, UTC, by which what is seen is compared. */
export async function alertTime(store: Store): Promise<string> {
  const [row] = await store.rows<{ now: string }>('SELECT UTC_TIMESTAMP(3) AS now');
  return row?.now ?? '';
}

/** Notes that an alert holds. */
export async function noteAlert(store: Store, alert: KeptAlert): Promise<void> {
  const what = alert.what.slice(0, 1000);
  const cause = alert.cause.slice(0, 1000);
  const command = alert.command.slice(0, 255);
  await store.run(
    `INSERT INTO ${store.t('alert')} (alert_key, level, what, cause, command, raised_at, seen_at)
     VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))
     ON DUPLICATE KEY UPDATE
       what = ?, cause = ?, command = ?,
       level = IF(resolved_at IS NULL, GREATEST(level, ?), ?),
       raised_at = IF(resolved_at IS NULL, raised_at, UTC_TIMESTAMP(3)),
       seen_at = UTC_TIMESTAMP(3),
       resolved_at = NULL`,
    [alert.key, alert.level, what, cause, command, what, cause, command, alert.level, alert.level],
  );
}

/** Alerts that were raised and are not over. */
export async function openAlerts(store: Store): Promise<KeptAlert[]> {
  return store.rows<KeptAlert>(
    `SELECT alert_key AS \`key\`, level, what, cause, command
     FROM ${store.t('alert')} WHERE resolved_at IS NULL ORDER BY raised_at, alert_key`,
  );
}

/** Notes that an alert is over, unless somebody has seen it since `lookedAt`. */
export async function resolveAlert(store: Store, key: string, lookedAt: string): Promise<void> {
  await store.run(
    `UPDATE ${store.t('alert')} SET resolved_at = UTC_TIMESTAMP(3)
     WHERE alert_key = ? AND resolved_at IS NULL AND seen_at < ?`,
    [key, lookedAt],
  );
}

/** What a channel is to be told; what was tried longest ago comes first. */
export async function dueDeliveries(store: Store, channel: string): Promise<DueDelivery[]> {
  return store.rows<DueDelivery>(
    `SELECT a.alert_key AS \`key\`, a.level, a.what, a.cause, a.command,
            IF(a.resolved_at IS NULL, 'raised', 'resolved') AS status,
            COALESCE(d.told_level, 0) AS toldLevel
     FROM ${store.t('alert')} a
     LEFT JOIN ${store.t('alert_delivery')} d ON d.alert_key = a.alert_key AND d.channel = ?
     WHERE (a.resolved_at IS NULL AND COALESCE(d.told_level, 0) < a.level)
        OR (a.resolved_at IS NOT NULL AND d.told_level > 0)
     ORDER BY d.tried_at, a.raised_at, a.alert_key`,
    [channel],
  );
}

/** Takes a delivery on; false where somebody else did. */
export async function claimDelivery(
  store: Store,
  channel: string,
  { key, status, toldLevel }: DueDelivery,
): Promise<boolean> {
  if (status === 'raised') {
    await store.run(
      `INSERT IGNORE INTO ${store.t('alert_delivery')} (alert_key, channel) VALUES (?, ?)`,
      [key, channel],
    );
  }
  const claimed = await store.run(
    `UPDATE ${store.t('alert_delivery')}
     SET tried_at = UTC_TIMESTAMP(3),
         claimed_until = UTC_TIMESTAMP(3) + INTERVAL ${CLAIM_SECONDS} SECOND
     WHERE alert_key = ? AND channel = ? AND told_level = ?
       AND (claimed_until IS NULL OR claimed_until < UTC_TIMESTAMP(3))`,
    [key, channel, toldLevel],
  );
  return claimed > 0;
}

/** Stores that a channel took what it was told, or did not: then it is due again. */
export async function settleDelivery(
  store: Store,
  channel: string,
  { key, status, level }: DueDelivery,
  { told }: { readonly told: boolean },
): Promise<void> {
  const toldNow = told ? ', told_at = UTC_TIMESTAMP(3), told_level = ?' : '';
  await store.run(
    `UPDATE ${store.t('alert_delivery')} SET claimed_until = NULL${toldNow}
     WHERE alert_key = ? AND channel = ?`,
    [...(told ? [status === 'resolved' ? 0 : level] : []), key, channel],
  );
}

/** Forgets alerts that are over and of which all who know were told. */
export async function forgetAlerts(store: Store): Promise<void> {
  const alert = store.t('alert');
  const delivery = store.t('alert_delivery');
  // Of a feed that was switched off, or a worker that is gone: nobody looks any more.
  await store.run(
    `UPDATE ${alert} SET resolved_at = UTC_TIMESTAMP(3)
     WHERE resolved_at IS NULL AND seen_at < UTC_TIMESTAMP(3) - INTERVAL ${GIVE_UP_DAYS} DAY`,
  );
  await store.run(
    `DELETE a FROM ${alert} a
     WHERE a.resolved_at IS NOT NULL
       AND (a.resolved_at < UTC_TIMESTAMP(3) - INTERVAL ${GIVE_UP_DAYS} DAY
         OR NOT EXISTS (
           SELECT 1 FROM ${delivery} d WHERE d.alert_key = a.alert_key
             AND (d.told_level > 0 OR d.claimed_until > UTC_TIMESTAMP(3))))`,
  );
  await store.run(
    `DELETE d FROM ${delivery} d LEFT JOIN ${alert} a ON a.alert_key = d.alert_key
     WHERE a.alert_key IS NULL`,
  );
}
