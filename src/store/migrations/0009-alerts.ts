import type { Migration } from '../migrate.js';

/** Alerts that were raised and are not resolved. */
export const alerts: Migration = {
  name: '0009-alerts',
  async up(knex, table) {
    await knex.schema.createTable(table('alert'), (t) => {
      // `lag/products`, `capture`, …
      t.specificType('alert_key', 'varchar(191) character set ascii collate ascii_bin').primary();
      // How bad it was when it was last told; it is told again when it gets worse.
      t.integer('level').unsigned().notNullable();
      t.string('what', 1000).notNullable();
      t.datetime('raised_at', { precision: 3 }).notNullable();
    });
  },
};
