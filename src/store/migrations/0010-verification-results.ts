import type { Migration } from '../migrate.js';

/** Who compares a feed, whether what drifted is queued, and what the last comparison came to. */
export const verificationResults: Migration = {
  name: '0010-verification-results',
  async up(knex, table) {
    await knex.schema.alterTable(table('verification'), (t) => {
      // Whether what drifts is queued: a comparison without goes on only without.
      t.boolean('fix').notNullable().defaultTo(false);
      // Names the comparison at work; whoever begins takes over, and the one before ends.
      t.string('owner', 36).notNullable().defaultTo('');
    });
    await knex.schema.createTable(table('verification_result'), (t) => {
      t.string('feed', 64).primary();
      t.boolean('fix').notNullable();
      // Whether what the service holds was compared too.
      t.boolean('with_service').notNullable();
      t.text('findings').notNullable();
      t.datetime('started_at', { precision: 3 }).notNullable();
      t.datetime('ended_at', { precision: 3 }).notNullable();
    });
  },
};
