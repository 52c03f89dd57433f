import type { Knex } from 'knex';

/**
 * What the change stream needs: each version that is kept gets the next number of its data space.
 *
 * The numbers come from a row that is locked until the transaction commits, so they become visible
 * in their order: who has read up to a number has missed none below it. An AUTO_INCREMENT column
 * would hand numbers out at insert, and a slow transaction would show its own behind the reader.
 */
export async function createChanges(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS ingestion_sequence (
      environment varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      value bigint unsigned NOT NULL COMMENT 'number of the last change',
      PRIMARY KEY (environment)
    ) ENGINE=InnoDB`);
  // A migration that was killed half-way runs again from its beginning.
  if (!(await knex.schema.hasColumn('ingestion_item', 'change_seq'))) {
    await knex.raw(`
      ALTER TABLE ingestion_item
        ADD COLUMN change_seq bigint unsigned NOT NULL DEFAULT 0
          COMMENT 'number of the change that brought this version',
        ADD COLUMN history varchar(1024) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''
          COMMENT 'the last versions, newest first',
        ADD KEY changes (environment, feed, change_seq)`);
  }
  await knex.raw('UPDATE ingestion_item SET change_seq = id WHERE change_seq = 0');
  await knex.raw(`
    INSERT INTO ingestion_sequence (environment, value)
    SELECT environment, MAX(change_seq) FROM ingestion_item GROUP BY environment
    ON DUPLICATE KEY UPDATE value = GREATEST(value, VALUES(value))`);
}
