import { prefixedName } from '../table-prefix.js';
import { CHANGELOG, changelogTable } from './changelog-table.js';
import { existingTriggers } from './existing-triggers.js';
import { changeSchema, prepareSession } from './schema-change.js';
import { quoted, type ShopPlace, type Sql } from './sql.js';

/**
 * Removes every trace from the Commerce schema: the triggers, then the changelog. Can be repeated.
 * Returns the names of what was dropped.
 */
export async function uninstallCapture(shop: Sql, place: ShopPlace): Promise<string[]> {
  await prepareSession(shop);
  const dropped: string[] = [];
  for (const { name, table } of await existingTriggers(shop, place)) {
    await changeSchema(
      shop,
      `DROP TRIGGER IF EXISTS ${quoted(name)}`,
      prefixedName(place.tablePrefix, table),
    );
    dropped.push(name);
  }
  const name = prefixedName(place.tablePrefix, CHANGELOG);
  const present = await shop.rows(
    'SELECT 1 AS yes FROM information_schema.tables WHERE table_schema = ? AND table_name = ?',
    [place.schema, name],
  );
  if (present.length > 0) {
    await changeSchema(shop, `DROP TABLE IF EXISTS ${changelogTable(place)}`, name);
    dropped.push(name);
  }
  return dropped;
}

/** The SQL of the same, for an administrator. */
export async function printUninstall(shop: Sql, place: ShopPlace): Promise<string> {
  const triggers = await existingTriggers(shop, place);
  return [
    `USE ${quoted(place.schema)};`,
    ...triggers.map(({ name }) => `DROP TRIGGER IF EXISTS ${quoted(name)};`),
    `DROP TABLE IF EXISTS ${changelogTable(place)};`,
    '',
  ].join('\n');
}
