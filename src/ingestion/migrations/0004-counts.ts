import type { Knex } from 'knex';

/**
 * Counts by a key that a new version of an item leaves as it is: with the time of arrival in it,
 * every update moved an entry. The newest arrival is found by the key `changes`.
 */
export async function narrowCounts(knex: Knex): Promise<void> {
  await knex.raw(
    'ALTER TABLE ingestion_item DROP KEY counts, ADD KEY counts (environment, feed, deleted)',
  );
}
