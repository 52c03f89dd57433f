import type { Migration } from '../migrate.js';

/** How far comparisons of source, state and service have come. */
export const verification: Migration = {
  name: '0007-verification',
  async up(knex, table) {
    await knex.schema.createTable(table('verification'), (t) => {
      t.string('feed', 64).primary();
      // `source` while source and state are compared, then `service`.
      t.string('pass', 16).notNullable();
      // The last source id, or the last feed id, that was compared.
      t.string('position', 64).notNullable();
      t.text('findings').notNullable();
      t.datetime('started_at', { precision: 3 }).notNullable();
      t.datetime('updated_at', { precision: 3 }).notNullable();
    });
  },
};
