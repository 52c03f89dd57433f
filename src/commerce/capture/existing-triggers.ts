import { prefixedName } from '../table-prefix.js';
import { CHANGELOG, changelogTable } from './changelog-table.js';
import type { ShopPlace, Sql } from './sql.js';
import { TRIGGER_NAME_START, type WantedTrigger } from './triggers.js';

/** A trigger of ours as it stands in the shop. */
export interface ExistingTrigger {
  readonly name: string;
  /** Without table prefix; a table of another prefix by its full name. */
  readonly table: string;
  readonly timing: string;
  readonly event: string;
  readonly body: string;
  /** `user@host` */
  readonly definer: string;
}

/**
 * Triggers that write to this installation's changelog. Another installation in the same schema,
 * with another table prefix, has a changelog and triggers of its own.
 *
 * @param tables without prefix, by the names they are captured under.
 */
export async function existingTriggers(
  sql: Sql,
  place: ShopPlace,
  tables: Iterable<string> = [],
): Promise<ExistingTrigger[]> {
  const names = new Map(
    [...tables].map((table) => [prefixedName(place.tablePrefix, table), table]),
  );
  const rows = await sql.rows<ExistingTrigger>(
    `SELECT trigger_name AS name, event_object_table AS \`table\`, action_timing AS timing,
       event_manipulation AS event, action_statement AS body, definer AS definer
     FROM information_schema.triggers
     WHERE trigger_schema = ? AND trigger_name LIKE ? ORDER BY trigger_name`,
    [place.schema, `${TRIGGER_NAME_START.replaceAll('_', '\\_')}%`],
  );
  return rows
    .filter(({ body, name, table }) => isOurs(place, { body, name, table }))
    .map((row) => ({
      ...row,
      table: names.get(row.table) ?? withoutPrefix(place, row.table),
    }));
}

/** Whether the trigger is as it has to be; white space does not count, nor does an unset definer. */
export function isAsWanted(
  existing: ExistingTrigger,
  wanted: WantedTrigger,
  definer: string | undefined,
): boolean {
  return (
    existing.table === wanted.table &&
    existing.timing === wanted.timing &&
    existing.event === wanted.event &&
    squeezed(existing.body) === squeezed(wanted.body) &&
    (definer === undefined || existing.definer === definer)
  );
}

function withoutPrefix({ tablePrefix }: ShopPlace, table: string): string {
  return table.startsWith(tablePrefix) ? table.slice(tablePrefix.length) : table;
}

function isOurs(
  place: ShopPlace,
  { body, name, table }: Pick<ExistingTrigger, 'body' | 'name' | 'table'>,
): boolean {
  if (body.includes(`INTO ${changelogTable(place)} `)) return true;
  // Someone has changed what it does. The name says whose it is, if no other changelog does.
  return name.startsWith(`${TRIGGER_NAME_START}${table}_`) && !body.includes(CHANGELOG);
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
