import type { Knex } from 'knex';

/**
 * Counts by a key that a new version of an item leaves as it is: with the time of arrival in it,
 * every update moved an entry. The newest arrival is found by the key `changes`.
 */
export async function narrowCounts(knex: Knex): Promise<void> {
  const [keys] = (await knex.raw(
    `SELECT 1 FROM information_schema.STATISTICS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'ingestion_item'
       AND INDEX_NAME = 'counts' AND COLUMN_NAME = 'received_at'`,
  )) as [unknown[]];
  if (keys.length === 0) return;
  await knex.raw(
    'ALTER TABLE ingestion_item DROP KEY counts, ADD KEY counts (environment, feed, deleted)',
  );
}
