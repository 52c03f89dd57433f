import type { Knex } from 'knex';

/** Who is told of changes, and how far. */
export async function createWebhooks(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS ingestion_webhook (
      id char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      environment varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      url varchar(2048) NOT NULL,
      feeds varchar(1024) NOT NULL COMMENT 'JSON list',
      secret char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'signs deliveries',
      position bigint unsigned NOT NULL COMMENT 'number of the last change it was told of',
      failures int unsigned NOT NULL DEFAULT 0 COMMENT 'in a row',
      last_error varchar(255) NULL,
      delivered_at datetime(3) NULL COMMENT 'UTC; last time it took something',
      next_try_at datetime(3) NOT NULL COMMENT 'UTC',
      leased_until datetime(3) NOT NULL COMMENT 'UTC; an instance of the service works on it',
      created_at datetime(3) NOT NULL COMMENT 'UTC',
      PRIMARY KEY (id),
      KEY environment (environment),
      KEY due (next_try_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
}
