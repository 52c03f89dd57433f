import type { Knex } from 'knex';

import { addInFlightColumns } from './migrations/0004-publishing.js';

/**
 * Creates a feed table: a row for each item that was ever collected, until its deletion is
 * acknowledged and aged. Immediate feeds keep the minimal payload in `feed_data`, legacy feeds
 * the whole item, as do the others with PERSIST_EXPORTED_FEED.
 */
export async function createFeedTable(knex: Knex, table: string): Promise<void> {
  const hex = 'char(40) character set ascii collate ascii_bin';
  await knex.schema.createTable(table, (t) => {
    t.bigIncrements('id');
    t.specificType('feed_id', hex).notNullable().unique();
    t.bigInteger('source_entity_id').unsigned().notNullable();
    t.specificType('feed_data', 'mediumtext').notNullable();
    // Of the content last settled; '' when nothing of the item counts as sent.
    t.specificType('feed_hash', hex).notNullable().defaultTo('');
    t.integer('hash_version').unsigned().notNullable().defaultTo(0);
    t.specificType('status', 'smallint').notNullable().defaultTo(0);
    t.text('errors').nullable();
    t.string('request_id', 128).nullable();
    t.integer('attempts').unsigned().notNullable().defaultTo(0);
    t.datetime('next_try_at').nullable();
    t.datetime('first_failed_at').nullable();
    // Drawn before the snapshot from which the item was collected; newer collections have more.
    t.bigInteger('collected_seq').unsigned().notNullable().defaultTo(0);
    // The stamp of the last request that held the item; the next one is later.
    t.datetime('sent_stamp').nullable();
    t.boolean('is_deleted').notNullable().defaultTo(false);
    addInFlightColumns(t);
    // Set while the source yields the item no more and its deletion is not settled.
    t.bigInteger('missing_seq').unsigned().nullable();
    t.datetime('modified_at', { precision: 3 }).notNullable();
    t.index(['source_entity_id'], `${table}_source`);
    // With `is_deleted`, so that items are counted without reading rows: 5 times as fast.
    t.index(['status', 'is_deleted', 'next_try_at'], `${table}_status`);
    t.index(['missing_seq'], `${table}_missing`);
  });
}
