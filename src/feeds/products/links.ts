import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import type { LinkEntry, ParentEntry } from './contract.js';
import { append, orNull } from './grouping.js';
import type { Page } from './page.js';
import type { Relatives } from './relatives.js';

/** Kinds of links by `link_type_id`. */
const LINK_TYPES = { 1: 'related', 4: 'upsell', 5: 'crosssell' } as const;
export const GROUPED_LINK = 3;

export interface ProductLink {
  readonly id: number;
  readonly type: number;
  readonly linkedId: number;
}

/** Links of the page's products to others, grouped ones too, by link id of the owner: one query. */
export async function readProductLinks(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<Map<number, ProductLink[]>> {
  const rows = await read.rows<[number, number, number, number]>(`
    SELECT l.product_id, l.link_id, l.link_type_id, l.linked_product_id
    FROM ${shop.t('catalog_product_link')} l
    WHERE ${page.links('l.product_id')} AND l.link_type_id IN (1, 3, 4, 5)`);
  const links = new Map<number, ProductLink[]>();
  for (const [owner, id, type, linkedId] of rows) append(links, owner, { id, type, linkedId });
  return links;
}

/** Link ids of the parents of the page's products, by entity id of the child: one query. */
export async function readParentLinks(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<Map<number, number[]>> {
  const rows = await read.rows<[number, number]>(`
    SELECT r.child_id, r.parent_id
    FROM ${shop.t('catalog_product_relation')} r
    WHERE ${page.entities('r.child_id')}`);
  const parents = new Map<number, number[]>();
  for (const [child, parent] of rows) append(parents, child, parent);
  return parents;
}

/** `links[]` in a website: only products that are assigned to it, ordered by type and SKU. */
export function linkEntries(
  links: readonly ProductLink[],
  relatives: Relatives,
  websiteId: number,
): LinkEntry[] | null {
  const entries = new Map<string, LinkEntry>();
  for (const link of links) {
    if (!isListed(link.type)) continue;
    const linked = relatives.byId.get(link.linkedId);
    if (linked?.websiteIds.includes(websiteId) !== true) continue;
    const type = LINK_TYPES[link.type];
    entries.set(`${type}-${linked.sku}`, { sku: linked.sku, type });
  }
  return inKeyOrder(entries);
}

/** `parents[]` in a website: configurable, bundle and grouped products that are assigned to it. */
export function parentEntries(
  parentLinks: readonly number[],
  relatives: Relatives,
  websiteId: number,
): ParentEntry[] | null {
  const entries = new Map<string, ParentEntry>();
  for (const link of parentLinks) {
    const parent = relatives.byLink.get(link);
    if (parent?.websiteIds.includes(websiteId) !== true) continue;
    const productType = parent.fixedPrice ? 'bundle_fixed' : parent.type;
    entries.set(`${productType}-${parent.sku}`, { sku: parent.sku, productType });
  }
  return inKeyOrder(entries);
}

function isListed(type: number): type is keyof typeof LINK_TYPES {
  return type in LINK_TYPES;
}

function inKeyOrder<Entry>(entries: Map<string, Entry>): Entry[] | null {
  if (entries.size <= 1) return orNull([...entries.values()]);
  return [...entries].sort(([a], [b]) => compareBytes(a, b)).map(([, entry]) => entry);
}

const SURROGATE = /[\ud800-\udfff]/;

/** Compares texts by their UTF-8 bytes, as the reference exporter sorts keys. */
function compareBytes(a: string, b: string): number {
  if (SURROGATE.test(a) || SURROGATE.test(b)) {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
