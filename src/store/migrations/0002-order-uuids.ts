import type { Migration } from '../migrate.js';

/** UUIDs of orders and their parts, and entities that wait to be collected. */
export const orderUuids: Migration = {
  name: '0002-order-uuids',
  async up(knex, table) {
    const ascii = 'character set ascii collate ascii_bin';
    await knex.schema.createTable(table('order_uuid'), (t) => {
      t.specificType('type', `varchar(36) ${ascii}`).notNullable();
      t.bigInteger('entity_id').unsigned().notNullable();
      t.specificType('uuid', `varchar(36) ${ascii}`).notNullable();
      t.datetime('created_at', { precision: 3 }).notNullable();
      // When it first went into an item; from then on it stays, whatever the shop's own table says.
      t.datetime('exported_at', { precision: 3 }).nullable();
      t.primary(['type', 'entity_id']);
      t.unique(['uuid']);
    });

    await knex(table('sequence')).insert({ name: 'queued', value: 0 });
    await knex.schema.createTable(table('pending_entity'), (t) => {
      t.string('feed', 64).notNullable();
      t.bigInteger('entity_id').unsigned().notNullable();
      // The oldest change that is not settled.
      t.datetime('changed_at', { precision: 3 }).notNullable();
      // Drawn anew by each change, so that a row is removed only as it was read.
      t.bigInteger('queued_seq').unsigned().notNullable();
      t.primary(['feed', 'entity_id']);
      t.index(['feed', 'queued_seq']);
    });
  },
};
