import type { Migration } from '../migrate.js';

/** What change capture has to know of the shop's tables between two looks at them. */
export const changeCapture: Migration = {
  name: '0003-change-capture',
  async up(knex, table) {
    // The meaning of the numbers in the changelog. Never removed: old rows keep theirs.
    await knex.schema.createTable(table('capture_source'), (t) => {
      t.bigInteger('source').unsigned().primary();
      t.string('table_name', 64).notNullable();
      t.string('key_columns', 500).notNullable();
    });

    // How each captured table was when its triggers were last found in order.
    await knex.schema.createTable(table('captured_table'), (t) => {
      t.string('table_name', 64).primary();
      t.string('created_at', 32).nullable();
      t.bigInteger('auto_increment').unsigned().nullable();
      // InnoDB's own number of the table, where the account may read it.
      t.bigInteger('table_id').unsigned().nullable();
      // Hash of its triggers: others mean that changes may have gone unnoticed in between.
      t.string('triggers', 40).notNullable();
      t.datetime('checked_at', { precision: 3 }).notNullable();
    });

    // Content of index tables that Commerce swaps in: one row for each key.
    await knex.schema.createTable(table('index_snapshot'), (t) => {
      t.bigInteger('source').unsigned().notNullable();
      t.specificType('row_key', 'varbinary(1100)').notNullable();
      // Sum of the hashes of the key's rows; null: to be noted whatever is there.
      t.specificType('content', 'decimal(38,0)').nullable();
      t.primary(['source', 'row_key']);
    });
  },
};
