import type { Knex } from 'knex';

import type { Migration } from '../migrate.js';

/** The request budget, circuits, refused items, and what of an item is in flight. */
export const publishing: Migration = {
  name: '0004-publishing',
  async up(knex, table) {
    const ascii = 'character set ascii collate ascii_bin';
    await knex.schema.createTable(table('request_budget'), (t) => {
      t.string('credential', 191).primary();
      // When the next request may leave.
      t.datetime('due_at', { precision: 6 }).notNullable();
      // Until then a change waits, and full syncs give way.
      t.datetime('change_waiting_until', { precision: 6 }).nullable();
      // Until then the service wants no request (`Retry-After`), and for how long it said so.
      t.datetime('blocked_until', { precision: 6 }).nullable();
      t.decimal('blocked_seconds', 12, 3).notNullable().defaultTo(0);
    });

    await knex.schema.createTable(table('circuit'), (t) => {
      t.string('credential', 191).notNullable();
      // A feed, or `*` for all feeds of the credential.
      t.string('scope', 64).notNullable();
      t.string('reason', 600).notNullable();
      t.integer('failures').unsigned().notNullable();
      t.datetime('opened_at', { precision: 3 }).notNullable();
      t.datetime('next_probe_at', { precision: 3 }).notNullable();
      t.primary(['credential', 'scope']);
    });

    await knex.schema.createTable(table('refused_item'), (t) => {
      t.string('feed', 64).notNullable();
      t.specificType('feed_id', `char(40) ${ascii}`).notNullable();
      t.bigInteger('source_entity_id').unsigned().notNullable();
      // Of the content that was refused: another content starts anew.
      t.specificType('feed_hash', `char(40) ${ascii}`).notNullable();
      t.integer('refusals').unsigned().notNullable();
      // counting, quarantined, ignored
      t.string('state', 16).notNullable();
      // Of legacy feeds the feed table has payload and answer; they are not kept twice.
      t.specificType('payload', 'mediumtext').nullable();
      t.text('answer').nullable();
      t.integer('http_status').unsigned().nullable();
      t.string('request_id', 128).nullable();
      t.datetime('first_refused_at', { precision: 3 }).notNullable();
      t.datetime('last_refused_at', { precision: 3 }).notNullable();
      t.primary(['feed', 'feed_id']);
      t.index(['state', 'feed']);
    });

    // Feed tables made from now on have these columns from the start.
    for (const name of await feedTables(knex, table(''))) {
      await knex.schema.alterTable(name, addInFlightColumns);
    }
  },
};

/** Which claim an item is in flight for, and until when nobody else may send it. */
export function addInFlightColumns(t: Knex.CreateTableBuilder | Knex.AlterTableBuilder): void {
  t.bigInteger('in_flight_token').unsigned().nullable();
  t.datetime('in_flight_until', { precision: 3 }).nullable();
}

/** Feed tables, told by a column that only they have. */
async function feedTables(knex: Knex, prefix: string): Promise<string[]> {
  const [rows] = (await knex.raw(
    `SELECT table_name AS name FROM information_schema.columns
     WHERE table_schema = DATABASE() AND column_name = 'missing_seq'
       AND LEFT(table_name, ?) = ?
       AND table_name NOT IN (
         SELECT table_name FROM information_schema.columns
         WHERE table_schema = DATABASE() AND column_name = 'in_flight_token')`,
    [prefix.length, prefix],
  )) as [{ name: string }[]];
  return rows.map(({ name }) => name);
}
