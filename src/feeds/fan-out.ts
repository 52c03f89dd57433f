import type { Change, ChangeKey } from '../commerce/capture/captured-table.js';
import { isCaptured } from '../commerce/capture/family.js';
import type { Read } from '../commerce/read.js';
import type { Shop } from '../commerce/shop.js';
import { isAvailable } from './availability.js';
import { entitiesBySku, entitiesOfLinks, type LinkKind } from './entity-references.js';
import type { Feed, WatchedTable } from './feed.js';
import type { FeedName } from './names.js';

/** What changes of a shop concern. */
export interface Affected {
  /** Ids of source entities, ascending, of feeds that are not concerned as a whole. */
  readonly entities: ReadonlyMap<FeedName, readonly number[]>;
  /** SKUs that no product has now: of entities that can be found in the feed’s state alone. */
  readonly skus: ReadonlyMap<FeedName, readonly string[]>;
  /** Feeds that have to be looked at as a whole, each with the reason, a sentence. */
  readonly wholeFeeds: ReadonlyMap<FeedName, string>;
  /** Whether what collectors keep for an epoch is out of date. */
  readonly endsEpoch: boolean;
}

/** Keys that a query takes at once. */
const SLICE = 1000;

/**
 * More entities than this, and than `ENTITIES_PER_KEY` for each changed row, concern the whole feed:
 * a full sync costs less than to look for, note and collect them one by one.
 */
const MOST_ENTITIES = 10_000;
const ENTITIES_PER_KEY = 50;

/**
 * The entities of each feed that changes concern: a query for each feed, watched table and 1,000
 * different keys; none where the key itself names the entity. Entities may be named in vain, none is
 * missing: once they are collected, the service holds what a fresh export gives.
 *
 * @param read a snapshot that holds the changes.
 * @param shop as this snapshot has it. Where `endsEpoch` says so, read it anew before.
 */
export async function affectedBy(
  read: Read,
  shop: Shop,
  feeds: readonly Feed[],
  changes: readonly Change[],
): Promise<Affected> {
  const available = feeds.filter((feed) => isAvailable(shop, feed));
  const keysOf = keysByTable(changes);
  const found = new Map(available.map(({ name }) => [name, new FoundEntities()]));
  const wholeFeeds = new Map<FeedName, string>();
  for (const feed of available) {
    const entities = found.get(feed.name) ?? new FoundEntities();
    for (const { watched, keys } of concerning(feed, shop, keysOf)) {
      if (wholeFeeds.has(feed.name)) break;
      if (!(await addEntities(read, shop, watched, keys, entities))) {
        wholeFeeds.set(feed.name, reasonOf(watched, keys));
      }
    }
  }
  for (const name of wholeFeeds.keys()) found.delete(name);
  const skus = await resolveReferences(read, shop, found);
  return {
    entities: new Map(
      [...found].map(([name, { ids }]) => [name, [...ids].sort((a, b) => a - b)] as const),
    ),
    skus,
    wholeFeeds,
    endsEpoch: endsEpoch(shop, available, changes),
  };
}

/** Whether changes make out of date what collectors, or `shop` itself, keep for an epoch. */
export function endsEpoch(shop: Shop, feeds: readonly Feed[], changes: readonly Change[]): boolean {
  const keysOf = keysByTable(changes);
  // A table that the shop did not have: the index of a new store view or stock.
  if ([...keysOf.keys()].some((table) => !shop.hasTable(table))) return true;
  return feeds.some((feed) =>
    concerning(feed, shop, keysOf).some(({ watched }) => watched.cached === true),
  );
}

/** Entities of a feed, and what is still to be turned into some. */
class FoundEntities {
  readonly ids = new Set<number>();
  readonly links: Readonly<Record<LinkKind, Set<number>>> = {
    'product link': new Set(),
    'category link': new Set(),
  };
  readonly skus = new Set<string>();
}

function keysByTable(changes: readonly Change[]): Map<string, ChangeKey[]> {
  const keys = new Map<string, ChangeKey[]>();
  for (const { table, key } of changes) {
    const known = keys.get(table);
    if (known === undefined) keys.set(table, [key]);
    else known.push(key);
  }
  return keys;
}

interface Concerning {
  readonly watched: WatchedTable;
  /** Never empty. */
  readonly keys: readonly ChangeKey[];
}

/** The watched tables of a feed that changed, with the keys that count. */
function concerning(
  { watches }: Feed,
  shop: Shop,
  keysOf: ReadonlyMap<string, readonly ChangeKey[]>,
): Concerning[] {
  return watches.flatMap((watched) => {
    const all = watched.table.endsWith('*')
      ? [...keysOf].flatMap(([table, keys]) => (isCaptured(watched, table) ? keys : []))
      : (keysOf.get(watched.table) ?? []);
    const { when } = watched;
    const keys = when === undefined ? all : all.filter((key) => when(key, shop));
    return keys.length === 0 ? [] : [{ watched, keys }];
  });
}

/** False where the whole feed is concerned. */
async function addEntities(
  read: Read,
  shop: Shop,
  watched: WatchedTable,
  keys: readonly ChangeKey[],
  found: FoundEntities,
): Promise<boolean> {
  const { names, entities, tooMany = Infinity } = watched;
  if (watched.wholeFeed === true) return false;
  if (names !== undefined) for (const key of keys) addReference(found, names.as, key[names.column]);
  if (entities === undefined) return true;

  const rows = differentRows(watched.key, keys);
  if (rows.length >= tooMany) return false;
  for (let at = 0; at < rows.length; at += SLICE) {
    const slice = rows.slice(at, at + SLICE);
    const most = Math.max(MOST_ENTITIES, ENTITIES_PER_KEY * slice.length);
    const select = entities(shop, most);
    if (select === undefined) return true;
    // MariaDB makes a union of signed and unsigned integers a decimal, which comes as text.
    const selected = await read.rows<[number | string | null]>(
      `WITH changed AS (${changedRows(watched.key, slice)}), concerned (entity_id) AS (${select})
       SELECT DISTINCT entity_id FROM concerned LIMIT ${most + 1}`,
      [JSON.stringify(slice)],
    );
    if (selected.length > most) return false;
    for (const [id] of selected) {
      if (id === null) return false;
      found.ids.add(Number(id));
    }
  }
  return true;
}

type As = NonNullable<WatchedTable['names']>['as'];

function addReference(found: FoundEntities, as: As, value: ChangeKey[string] | undefined): void {
  if (value === null || value === undefined) return;
  switch (as) {
    case 'entity':
      found.ids.add(Number(value));
      return;
    case 'sku':
      found.skus.add(String(value));
      return;
    case 'product link':
    case 'category link':
      found.links[as].add(Number(value));
  }
}

/** The values of the columns, each combination once. */
function differentRows(
  columns: readonly string[],
  keys: readonly ChangeKey[],
): (number | string | null)[][] {
  const rows = new Map<string, (number | string | null)[]>();
  for (const key of keys) {
    const row = columns.map((column) => key[column] ?? null);
    rows.set(row.join('\0'), row);
  }
  return [...rows.values()];
}

/** The table `changed` as a query of rows that are given as a parameter, in JSON. */
function changedRows(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const paths = columns.map((column, index) => {
    const isText = rows.some((row) => typeof row[index] === 'string');
    return `\`${column}\` ${isText ? 'VARCHAR(255) CHARACTER SET utf8mb4' : 'BIGINT'} PATH '$[${index}]'`;
  });
  return `SELECT * FROM JSON_TABLE(?, '$[*]' COLUMNS (${paths.join(', ')})) changed_rows`;
}

/** Turns links and SKUs of all feeds into entities, with one query each for a thousand. */
async function resolveReferences(
  read: Read,
  shop: Shop,
  found: ReadonlyMap<FeedName, FoundEntities>,
): Promise<Map<FeedName, readonly string[]>> {
  for (const kind of ['product link', 'category link'] as const) {
    const links = new Set([...found.values()].flatMap((each) => [...each.links[kind]]));
    const entityOf = await entitiesOfLinks(read, shop, kind, [...links]);
    for (const each of found.values()) {
      for (const link of each.links[kind]) {
        const id = entityOf(link);
        if (id !== undefined) each.ids.add(id);
      }
    }
  }
  const skus = new Set([...found.values()].flatMap((each) => [...each.skus]));
  const idsOf = await entitiesBySku(read, shop, [...skus]);
  const unknown = new Map<FeedName, readonly string[]>();
  for (const [name, each] of found) {
    const without: string[] = [];
    for (const sku of each.skus) {
      const ids = idsOf(sku);
      for (const id of ids) each.ids.add(id);
      if (ids.length === 0) without.push(sku);
    }
    if (without.length > 0) unknown.set(name, without);
  }
  return unknown;
}

/** For the audit and for people: what changed, and what that concerns. */
function reasonOf({ table, concerns, when }: WatchedTable, keys: readonly ChangeKey[]): string {
  const path = when === undefined ? undefined : keys[0]?.['path'];
  const what =
    typeof path === 'string' && table === 'core_config_data' ? `${table} (${path})` : table;
  return `The table ${what} changed, which concerns ${concerns}.`;
}
