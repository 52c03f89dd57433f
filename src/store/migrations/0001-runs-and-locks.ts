import type { Migration } from '../migrate.js';

/** Runs (the audit), segments and cursors, leases, the binding of state to a data space. */
export const runsAndLocks: Migration = {
  name: '0001-runs-and-locks',
  async up(knex, table) {
    await knex.schema.createTable(table('sequence'), (t) => {
      t.string('name', 64).primary();
      t.bigInteger('value').unsigned().notNullable();
    });
    await knex(table('sequence')).insert({ name: 'collected', value: 0 });

    await knex.schema.createTable(table('feed_lease'), (t) => {
      t.string('feed', 64).primary();
      t.bigInteger('epoch').unsigned().notNullable();
      t.bigInteger('run_id').unsigned().notNullable();
      t.datetime('taken_at', { precision: 3 }).notNullable();
    });

    await knex.schema.createTable(table('feed_binding'), (t) => {
      t.string('feed', 64).primary();
      t.string('environment_id', 128).notNullable();
      t.string('service_url', 512).notNullable();
      t.datetime('bound_at', { precision: 3 }).notNullable();
    });

    await knex.schema.createTable(table('sync_run'), (t) => {
      t.bigIncrements('run_id');
      t.string('feed', 64).notNullable();
      t.string('operation', 32).notNullable();
      // Of the first execution of a chain of continue-as-new: one row for the whole run.
      t.string('workflow_id', 255).notNullable();
      t.string('workflow_run_id', 64).notNullable().unique();
      t.string('launched_by', 255).nullable();
      t.string('requested_by', 255).nullable();
      t.string('reason', 1000).nullable();
      t.string('trigger_source', 64).notNullable();
      t.text('options').notNullable();
      t.string('code_version', 64).notNullable();
      t.integer('contract_version').notNullable();
      t.datetime('started_at', { precision: 3 }).notNullable();
      t.datetime('ended_at', { precision: 3 }).nullable();
      for (const count of RUN_COUNTS) t.bigInteger(count).unsigned().notNullable().defaultTo(0);
      t.string('outcome', 32).nullable();
      t.text('sentence').nullable();
      t.index(['feed', 'started_at']);
      t.index(['started_at']);
    });

    await knex.schema.createTable(table('sync_segment'), (t) => {
      t.bigInteger('run_id').unsigned().notNullable();
      t.integer('segment').unsigned().notNullable();
      t.bigInteger('from_id').notNullable();
      t.bigInteger('to_id').notNullable();
      // The last source id whose items are settled; null before the first page.
      t.bigInteger('cursor_id').nullable();
      // Raised by each attempt, so that an attempt that was given up changes nothing.
      t.integer('attempt').unsigned().notNullable().defaultTo(0);
      t.specificType('source_ids', 'mediumtext').nullable();
      for (const count of RUN_COUNTS) t.bigInteger(count).unsigned().notNullable().defaultTo(0);
      t.boolean('done').notNullable().defaultTo(false);
      t.primary(['run_id', 'segment']);
    });

    await knex.schema.createTable(table('item_rival'), (t) => {
      t.string('feed', 64).notNullable();
      t.specificType('feed_id', 'char(40) character set ascii collate ascii_bin').notNullable();
      t.bigInteger('source_entity_id').unsigned().notNullable();
      t.primary(['feed', 'feed_id', 'source_entity_id']);
    });
  },
};

const RUN_COUNTS = [
  'processed',
  'collected',
  'sent',
  'unchanged',
  'accepted',
  'rejected',
  'failed',
  'deleted',
  'requests',
] as const;
