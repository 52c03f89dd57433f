import type { Migration } from '../migrate.js';

/** What the audit counts beside items, room for long lists of ids, and indexes of its filters. */
export const audit: Migration = {
  name: '0005-audit',
  async up(knex, table) {
    for (const name of ['sync_run', 'sync_segment']) {
      for (const count of ['held', 'retries', 'waited']) {
        if (await knex.schema.hasColumn(table(name), count)) continue;
        await knex.schema.alterTable(table(name), (t) => {
          t.bigInteger(count).unsigned().notNullable().defaultTo(0);
        });
      }
    }
    await knex.schema.alterTable(table('sync_run'), (t) => {
      // A sync by ids may name tens of thousands.
      t.specificType('options', 'mediumtext').notNullable().alter();
      t.index(['feed', 'run_id'], `${table('sync_run')}_feed_run`);
      t.index(['outcome', 'run_id'], `${table('sync_run')}_outcome_run`);
      t.index(['launched_by'], `${table('sync_run')}_launched_by`);
      // Open runs have none; old ones are removed by it.
      t.index(['ended_at'], `${table('sync_run')}_ended_at`);
    });
  },
};
