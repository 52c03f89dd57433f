import { customerGroupCode } from '../../commerce/customer-groups.js';
import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import type { Feed, SourceContext } from '../../feeds/feed.js';
import { feedIdOf } from '../../feeds/item.js';
import { resolveIds } from '../../feeds/pages.js';
import { itemStates } from '../../store/item-states.js';
import type { Store } from '../../store/store.js';

/** What somebody asked about, as the databases know it. */
export interface FoundEntities {
  /** Source ids, ascending; none where nothing is known of it. */
  readonly sourceIds: readonly number[];
  /** Feed ids that the name may stand for, whether or not their entity is still there. */
  readonly feedIds: readonly string[];
  /** How the name was read. */
  readonly readAs: string;
}

const FEED_ID = /^[0-9a-f]{40}$/;

/**
 * Finds what a name stands for: an id of the feed's own types (a SKU first), an entity id, a feed
 * id, or the identity of an item whose entity is gone.
 *
 * @throws ExportError CDE03-09 when the feed has no such id type.
 */
export async function findEntities(
  read: Read,
  context: SourceContext,
  { feed, store, name, idType }: FindOptions,
): Promise<FoundEntities> {
  const types =
    idType === undefined ? Object.keys(feed.source(context).idTypes).sort(skuFirst) : [idType];
  for (const type of types) {
    const isNumeric = type === 'entityId' || type === feed.sourceIdField;
    let sourceIds: readonly number[];
    if (isNumeric) sourceIds = isEntityId(name) ? [Number(name)] : [];
    else sourceIds = (await resolveIds(read, context, feed, [name], type)).ids;
    if (sourceIds.length > 0) return { sourceIds, feedIds: [], readAs: type };
  }
  const feedIds = FEED_ID.test(name)
    ? [name]
    : await identitiesOf(read, context.shop, feed, name).then((all) => all.map(feedIdOf));
  const states = await itemStates(store, feed.table, { sourceIds: [], feedIds });
  if (states.length > 0) {
    const sourceIds = [...new Set(states.map((state) => state.sourceId))].sort((a, b) => a - b);
    return { sourceIds, feedIds, readAs: FEED_ID.test(name) ? 'feedId' : 'identity' };
  }
  if (idType === undefined && isEntityId(name)) {
    return { sourceIds: [Number(name)], feedIds: [], readAs: 'entityId' };
  }
  return { sourceIds: [], feedIds, readAs: types[0] ?? 'entityId' };
}

export interface FindOptions {
  readonly feed: Feed;
  readonly store: Store;
  readonly name: string;
  /** Default: each that the feed has, SKUs first, then entity ids. */
  readonly idType?: string | undefined;
}

function skuFirst(a: string, b: string): number {
  return Number(b === 'sku') - Number(a === 'sku');
}

function isEntityId(name: string): boolean {
  return /^\d{1,15}$/.test(name);
}

/**
 * The identities an item of that name may have: the name in the one field that is no scope, and
 * each of the shop's scopes in the others. None where that leaves anything open.
 */
async function identitiesOf(read: Read, shop: Shop, feed: Feed, name: string): Promise<string[][]> {
  const scopes: readonly (readonly string[] | undefined)[] = await Promise.all(
    feed.identity.map((field) => scopeValues(read, shop, field)),
  );
  if (scopes.filter((values) => values === undefined).length !== 1) return [];
  return scopes.reduce<string[][]>(
    (found, values) =>
      found.flatMap((identity) => (values ?? [name]).map((value) => [...identity, value])),
    [[]],
  );
}

/** All values of an identity field that names a scope; undefined for any other field. */
async function scopeValues(
  read: Read,
  shop: Shop,
  field: string,
): Promise<readonly string[] | undefined> {
  switch (field) {
    case 'storeViewCode':
      return shop.storeViews.map(({ code }) => code);
    case 'websiteCode':
      return shop.websites.map(({ code }) => code);
    case 'customerGroupCode': {
      const groups = await ids('customer_group', 'customer_group_id');
      return ['0', ...groups.map(customerGroupCode)];
    }
    case 'stockId':
      return (await ids('inventory_stock', 'stock_id')).map(String);
    default:
      return undefined;
  }

  async function ids(table: string, column: string): Promise<number[]> {
    if (!shop.hasTable(table)) return [];
    const rows = await read.rows<[number]>(`SELECT ${column} FROM ${shop.t(table)} ORDER BY 1`);
    return rows.map(([id]) => id);
  }
}
