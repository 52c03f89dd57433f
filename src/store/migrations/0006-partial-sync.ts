import type { Migration } from '../migrate.js';

/** Queued full syncs, held deletions, and the epoch of what collectors keep of the shop. */
export const partialSync: Migration = {
  name: '0006-partial-sync',
  async up(knex, table) {
    // Raised when something changes that collectors keep: scopes, configuration, attributes.
    await knex(table('sequence')).insert({ name: 'epoch', value: 0 });

    await knex.schema.createTable(table('sync_request'), (t) => {
      t.bigIncrements('id');
      t.string('feed', 64).notNullable();
      t.string('reason', 1000).notNullable();
      t.datetime('requested_at', { precision: 3 }).notNullable();
      t.index(['feed']);
    });

    await knex.schema.createTable(table('held_deletions'), (t) => {
      t.string('feed', 64).primary();
      // Missing items marked up to this number are not sent until a person releases them.
      t.bigInteger('up_to_seq').unsigned().notNullable();
      t.bigInteger('run_id').unsigned().notNullable();
      t.datetime('held_at', { precision: 3 }).notNullable();
    });

    // What the mover remembers between its rounds, a JSON text each.
    await knex.schema.createTable(table('memory'), (t) => {
      t.string('name', 64).primary();
      t.text('value').notNullable();
    });
  },
};
