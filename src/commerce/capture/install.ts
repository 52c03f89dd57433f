import { prefixedName } from '../table-prefix.js';
import type { CapturedTable } from './captured-table.js';
import { deleteChanges, isMarked, markChangelog, readChanges } from './changelog.js';
import { CHANGELOG, createChangelog } from './changelog-table.js';
import { definerSql, type Definer } from './definer.js';
import { existingTriggers, isAsWanted, type ExistingTrigger } from './existing-triggers.js';
import { knownSources, rememberSources, sourcesOf, unknownChanges } from './known-sources.js';
import { named, readShopTables } from './shop-tables.js';
import { quoted, type OwnTables, type ShopPlace, type Sql } from './sql.js';
import { changeSchema, prepareSession } from './schema-change.js';
import {
  readIdentities,
  rememberedTables,
  rememberTables,
  resetReason,
  triggersHash,
  type TableIdentity,
} from './table-memory.js';
import { createTrigger, planCapture, type CapturePlan, type WantedTrigger } from './triggers.js';

export interface CaptureInstallOptions extends ShopPlace {
  /** What all feeds watch. */
  readonly tables: readonly CapturedTable[];
  /** Account with whose rights the triggers run. Default: the installing one. */
  readonly definer?: Definer;
  /** How often a table that the shop is busy with is tried, a second each. Default 30. */
  readonly attempts?: number;
  /**
   * Whether a table that cannot get its triggers keeps those after it from getting theirs. Default:
   * the installation ends with it. Otherwise it is told in `failed`.
   */
  readonly goesOn?: boolean;
}

export interface CaptureInstallation {
  readonly plan: CapturePlan;
  /** Names of triggers. */
  readonly created: readonly string[];
  readonly replaced: readonly string[];
  readonly dropped: readonly string[];
  /**
   * Captured tables of which changes may not have been noted until now, without table prefix. Feeds
   * that watch one of them need a full comparison.
   */
  readonly gaps: readonly string[];
  /** Triggers that could not be made or dropped, and why. */
  readonly failed: readonly CaptureFailure[];
}

export interface CaptureFailure {
  /** Captured tables of which changes are still not noted. */
  readonly tables: readonly string[];
  readonly error: unknown;
}

/**
 * Creates the changelog and brings the triggers into the state they have to be in; what is right
 * stays untouched, what others made too. `shop` is a connection of its own to the Commerce schema:
 * its session settings are changed. Can be repeated, also after it failed half-way.
 *
 * @throws ExportError SDE20-06 when a right is missing; SDE20-07 when the shop was busy with a table
 *   all the time.
 */
export async function installCapture(
  shop: Sql,
  own: OwnTables,
  options: CaptureInstallOptions,
): Promise<CaptureInstallation> {
  const { tables, definer, attempts, goesOn = false } = options;
  const place: ShopPlace = { schema: options.schema, tablePrefix: options.tablePrefix };
  const plan = planCapture(tables, await readShopTables(shop, place));
  const existing = new Map(
    (await existingTriggers(shop, place, plan.shop.tables.keys())).map((one) => [one.name, one]),
  );
  const changes = difference(plan, existing, definer);

  if (plan.sources.length === 0 && existing.size === 0) return nothingThere(plan);

  const gaps = new Set(changes.wanted.flatMap(({ notes }) => notes));
  const sourceTables = plan.sources.map(({ table }) => table);
  const before = await readIdentities(shop, place, [CHANGELOG, ...sourceTables]);
  for (const table of await resetTables(shop, own, plan, before)) gaps.add(table);

  await prepareSession(shop);
  const run = (sql: string, table: string): Promise<void> =>
    changeSchema(shop, sql, prefixedName(place.tablePrefix, table), attempts);
  // An account that may not make tables can still look after what an administrator made.
  if (!plan.shop.tables.has(CHANGELOG)) await run(createChangelog(place), CHANGELOG);
  await rememberSources(own, plan);
  if (await dropUnknownChanges(shop, own, place)) {
    for (const table of sourceTables) gaps.add(table);
  }
  await markChangelog(shop, place);

  const failed: CaptureFailure[] = [];
  const done = new Set<string>();
  /** By table: what fails with one of its triggers is not tried with the others. */
  const errors = new Map<string, unknown>();
  const attempt = async (
    { name, table }: { readonly name: string; readonly table: string },
    notes: readonly string[],
    statements: readonly string[],
  ): Promise<void> => {
    if (!errors.has(table)) {
      try {
        for (const sql of statements) await run(sql, table);
        done.add(name);
        return;
      } catch (error) {
        if (!goesOn) throw error;
        errors.set(table, error);
      }
    }
    failed.push({ tables: notes, error: errors.get(table) });
  };
  for (const trigger of changes.superfluous) {
    await attempt(trigger, [], [`DROP TRIGGER IF EXISTS ${quoted(trigger.name)}`]);
  }
  if (failed.length === 0) await dropUnwatchedChanges(shop, own, place, tables);
  const by = definer === undefined ? undefined : definerSql(definer);
  for (const trigger of changes.wanted) {
    await attempt(trigger, trigger.notes, [
      // It may sit on another table, where a rename has carried it.
      `DROP TRIGGER IF EXISTS ${quoted(trigger.name)}`,
      createTrigger(trigger, named(place, trigger.table), by),
    ]);
  }
  const changelog = await readIdentities(shop, place, [CHANGELOG]);
  await rememberTables(own, plan, new Map([...before, ...changelog]));

  const names = changes.wanted.map(({ name }) => name).filter((name) => done.has(name));
  return {
    plan,
    created: names.filter((name) => !existing.has(name)),
    replaced: names.filter((name) => existing.has(name)),
    dropped: changes.superfluous.map(({ name }) => name).filter((name) => done.has(name)),
    gaps: [...gaps].sort(),
    failed,
  };
}

/**
 * Tables that were emptied or made anew, or whose triggers others made, since they were last in
 * order; all, if the changelog was.
 */
async function resetTables(
  shop: Sql,
  own: OwnTables,
  plan: CapturePlan,
  now: ReadonlyMap<string, TableIdentity>,
): Promise<string[]> {
  const tables = plan.sources.map(({ table }) => table);
  const before = await rememberedTables(own);
  const isReset = (table: string): boolean => {
    const [old, current] = [before.get(table), now.get(table)];
    return old === undefined || current === undefined || resetReason(old, current) !== undefined;
  };
  if (isReset(CHANGELOG) || !(await isMarked(shop, plan.shop.place))) return tables;
  return tables.filter(
    (table) => isReset(table) || before.get(table)?.triggers !== triggersHash(plan, table),
  );
}

/** Whether there were changes whose meaning nobody knows; they could concern any table. */
async function dropUnknownChanges(shop: Sql, own: OwnTables, place: ShopPlace): Promise<boolean> {
  const sources = await knownSources(own);
  for (let found = false; ; found = true) {
    const ids = await unknownChanges(shop, place, sources, 50_000);
    if (ids.length === 0) return found;
    await deleteChanges(shop, place, ids);
  }
}

/** What triggers noted that nobody needs any more: no reader of this version takes it. */
async function dropUnwatchedChanges(
  shop: Sql,
  own: OwnTables,
  place: ShopPlace,
  tables: readonly CapturedTable[],
): Promise<void> {
  const known = await knownSources(own);
  const watched = sourcesOf(known, tables);
  const unwatched = new Map([...known].filter(([source]) => !watched.has(source)));
  for (;;) {
    const changes = await readChanges(shop, place, unwatched, 50_000);
    if (changes.length === 0) return;
    await deleteChanges(
      shop,
      place,
      changes.map(({ id }) => id),
    );
  }
}

/** Of a schema without any of the tables: the shop is not there yet. */
function nothingThere(plan: CapturePlan): CaptureInstallation {
  return { plan, created: [], replaced: [], dropped: [], gaps: [], failed: [] };
}

/** What has to be made, and what is in the way or no longer needed. */
export function difference(
  plan: CapturePlan,
  existing: ReadonlyMap<string, ExistingTrigger>,
  definer: Definer | undefined,
): { readonly wanted: WantedTrigger[]; readonly superfluous: ExistingTrigger[] } {
  const wanted = plan.triggers.filter((trigger) => {
    const present = existing.get(trigger.name);
    return present === undefined || !isAsWanted(present, trigger, definer?.account);
  });
  const names = new Set(plan.triggers.map(({ name }) => name));
  return { wanted, superfluous: [...existing.values()].filter(({ name }) => !names.has(name)) };
}
