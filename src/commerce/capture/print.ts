import { prefixedName } from '../table-prefix.js';
import type { CapturedTable } from './captured-table.js';
import { CHANGELOG, createChangelog } from './changelog-table.js';
import { definerSql, type Definer } from './definer.js';
import { difference } from './install.js';
import { existingTriggers } from './existing-triggers.js';
import { named, readShopTables } from './shop-tables.js';
import { quoted, type ShopPlace, type Sql } from './sql.js';
import { createTrigger, planCapture } from './triggers.js';

export interface PrintInstallOptions extends ShopPlace {
  readonly tables: readonly CapturedTable[];
  readonly definer?: Definer;
}

/**
 * The SQL of what `installCapture` would do to the Commerce schema, for the command-line client of
 * MariaDB or MySQL. It changes nothing itself. `saas-export install` afterwards finds all triggers in
 * order, and notes what they mean in the exporter's own tables.
 */
export async function printInstall(shop: Sql, options: PrintInstallOptions): Promise<string> {
  const { tables, definer } = options;
  const place: ShopPlace = { schema: options.schema, tablePrefix: options.tablePrefix };
  const plan = planCapture(tables, await readShopTables(shop, place));
  const existing = await existingTriggers(shop, place, plan.shop.tables.keys());
  const changes = difference(plan, new Map(existing.map((one) => [one.name, one])), definer);
  const by = definer === undefined ? undefined : definerSql(definer);
  return [
    `-- Change capture of SaaS Data Export: the table ${prefixedName(place.tablePrefix, CHANGELOG)} and ${changes.wanted.length} triggers.`,
    ...(definer === undefined ? ['-- The triggers run with the rights of who runs this.'] : []),
    '-- A statement that waits for open transactions gives up after a second: then run all again.',
    `USE ${quoted(place.schema)};`,
    `SET SESSION sql_mode = '', lock_wait_timeout = 1;`,
    '',
    `${createChangelog(place)};`,
    '',
    ...changes.superfluous.map(({ name }) => `DROP TRIGGER IF EXISTS ${quoted(name)};`),
    'DELIMITER ;;',
    ...changes.wanted.flatMap((trigger) => [
      `DROP TRIGGER IF EXISTS ${quoted(trigger.name)};;`,
      `${createTrigger(trigger, named(place, trigger.table), by)};;`,
    ]),
    'DELIMITER ;',
    '',
  ].join('\n');
}
