import type { Migration } from '../migrate.js';

/** What each channel was told of an alert, so that a channel that failed is asked again. */
export const alertDeliveries: Migration = {
  name: '0011-alert-deliveries',
  async up(knex, table) {
    await knex.schema.alterTable(table('alert'), (t) => {
      t.string('cause', 1000).notNullable().defaultTo('');
      t.string('command', 255).notNullable().defaultTo('saas-export status');
      // When a look last found that it holds.
      t.datetime('seen_at', { precision: 3 }).nullable();
      // Since when it is over; the row stays until all who know of it were told.
      t.datetime('resolved_at', { precision: 3 }).nullable();
    });
    await knex.schema.createTable(table('alert_delivery'), (t) => {
      t.specificType('alert_key', 'varchar(191) character set ascii collate ascii_bin');
      t.specificType('channel', 'varchar(32) character set ascii collate ascii_bin');
      // The level it was told at; 0: not yet.
      t.integer('told_level').unsigned().notNullable().defaultTo(0);
      t.datetime('told_at', { precision: 3 }).nullable();
      t.datetime('tried_at', { precision: 3 }).nullable();
      // Until when somebody who is telling it is waited for.
      t.datetime('claimed_until', { precision: 3 }).nullable();
      t.primary(['alert_key', 'channel']);
    });
    await knex(table('alert')).update({ seen_at: knex.ref('raised_at') });
    // An alert of before was told by a channel at least; which one was not kept.
    for (const channel of ['webhook', 'e-mail']) {
      await knex.raw(
        `INSERT INTO ?? (alert_key, channel, told_level, told_at)
         SELECT alert_key, ?, level, raised_at FROM ??`,
        [table('alert_delivery'), channel, table('alert')],
      );
    }
  },
};
