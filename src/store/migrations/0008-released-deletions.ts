import type { Migration } from '../migrate.js';

/** Held deletions that a person has released stay released until all of them are sent. */
export const releasedDeletions: Migration = {
  name: '0008-released-deletions',
  async up(knex, table) {
    await knex.schema.alterTable(table('held_deletions'), (t) => {
      t.datetime('released_at', { precision: 3 });
    });
  },
};
