import type { Store, Transaction } from './store.js';

/** Recalls what was remembered under a name. */
export async function recall<T>(store: Store, name: string): Promise<T | undefined> {
  const [row] = await store.rows<{ value: string }>(
    `SELECT value FROM ${store.t('memory')} WHERE name = ?`,
    [name],
  );
  return row === undefined ? undefined : (JSON.parse(row.value) as T);
}

/** Remembers a value, in place of the one before. */
export async function remember(
  store: Store,
  name: string,
  value: unknown,
  transaction?: Transaction,
): Promise<void> {
  await store.run(
    `INSERT INTO ${store.t('memory')} (name, value) VALUES (?, ?)
     ON DUPLICATE KEY UPDATE value = VALUES(value)`,
    [name, JSON.stringify(value)],
    transaction,
  );
}
