import type { Store } from './store.js';

/** What a circuit is open for: a feed, or `*` for all feeds of the credential. */
export interface Circuit {
  readonly credential: string;
  readonly scope: string;
  /** What the service answered, for people. */
  readonly reason: string;
  /** Probes that failed, the first request included. */
  readonly failures: number;
  /** UTC, `YYYY-MM-DD HH:MM:SS.mmm`. */
  readonly openedAt: string;
  /** Until the next probe; not above zero when it is due. */
  readonly probeInMilliseconds: number;
}

/** All open circuits, of whatever credential. */
export async function allOpenCircuits(store: Store): Promise<Circuit[]> {
  const credentials = await store.rows<{ credential: string }>(
    `SELECT DISTINCT credential FROM ${store.t('circuit')}`,
  );
  const open = await Promise.all(
    credentials.map(({ credential }) => openCircuits(store, credential)),
  );
  return open.flat();
}

/** The open circuits of a credential; with scopes: only those. */
export async function openCircuits(
  store: Store,
  credential: string,
  scopes?: readonly string[],
): Promise<Circuit[]> {
  const rows = await store.rows<{
    credential: string;
    scope: string;
    reason: string;
    failures: number;
    opened_at: string;
    probe_in: number;
  }>(
    `SELECT credential, scope, reason, failures, opened_at,
            TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), next_probe_at) AS probe_in
     FROM ${store.t('circuit')} WHERE credential = ? ${scopes === undefined ? '' : 'AND scope IN (?)'}`,
    scopes === undefined ? [credential] : [credential, scopes],
  );
  return rows.map((row) => ({
    credential: row.credential,
    scope: row.scope,
    reason: row.reason,
    failures: row.failures,
    openedAt: row.opened_at,
    probeInMilliseconds: row.probe_in / 1000,
  }));
}

/** Opens a circuit; one that is open stays as it is. */
export async function openCircuit(
  store: Store,
  { credential, scope, reason, probeInSeconds }: CircuitFailure,
): Promise<void> {
  await store.run(
    `INSERT INTO ${store.t('circuit')}
       (credential, scope, reason, failures, opened_at, next_probe_at)
     VALUES (?, ?, ?, 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND)
     ON DUPLICATE KEY UPDATE reason = VALUES(reason)`,
    [credential, scope, reason.slice(0, 600), Math.ceil(probeInSeconds * 1e6)],
  );
}

export interface CircuitFailure {
  readonly credential: string;
  readonly scope: string;
  readonly reason: string;
  readonly probeInSeconds: number;
}

/**
 * Takes the right to probe an open circuit, for some seconds at most: whoever holds it makes one
 * request and reports. False when another one has it, or it is not due.
 */
export async function takeProbe(
  store: Store,
  { credential, scope, seconds }: { credential: string; scope: string; seconds: number },
): Promise<boolean> {
  const taken = await store.run(
    `UPDATE ${store.t('circuit')} SET next_probe_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND
     WHERE credential = ? AND scope = ? AND next_probe_at <= UTC_TIMESTAMP(3)`,
    [Math.ceil(seconds * 1e6), credential, scope],
  );
  return taken > 0;
}

/** Keeps the right to probe for so many seconds from now, at least; for whoever holds it. */
export async function keepProbes(
  store: Store,
  probe: { credential: string; scopes: readonly string[]; seconds: number },
): Promise<void> {
  await store.run(
    `UPDATE ${store.t('circuit')}
     SET next_probe_at = GREATEST(next_probe_at, UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND)
     WHERE credential = ? AND scope IN (?)`,
    [Math.ceil(probe.seconds * 1e6), probe.credential, probe.scopes],
  );
}

/** Gives the right to probe back: the next one may take it at once. */
export async function releaseProbes(
  store: Store,
  credential: string,
  scopes: readonly string[],
): Promise<void> {
  await store.run(
    `UPDATE ${store.t('circuit')} SET next_probe_at = LEAST(next_probe_at, UTC_TIMESTAMP(3))
     WHERE credential = ? AND scope IN (?)`,
    [credential, scopes],
  );
}

/** Notes a probe that failed; the next one is due after `probeInSeconds`. */
export async function recordFailedProbe(
  store: Store,
  { credential, scope, reason, probeInSeconds }: CircuitFailure,
): Promise<void> {
  await store.run(
    `UPDATE ${store.t('circuit')}
     SET failures = failures + 1, reason = ?,
         next_probe_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND
     WHERE credential = ? AND scope = ?`,
    [reason.slice(0, 600), Math.ceil(probeInSeconds * 1e6), credential, scope],
  );
}

/** Closes circuits: requests go out as usual. */
export async function closeCircuits(
  store: Store,
  credential: string,
  scopes: readonly string[],
): Promise<void> {
  await store.run(`DELETE FROM ${store.t('circuit')} WHERE credential = ? AND scope IN (?)`, [
    credential,
    scopes,
  ]);
}
