import type { Read } from '../../commerce/read.js';
import { among, amongIds, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { ItemFailure } from '../feed.js';
import { append, type PricedProduct } from './assemble.js';

/** prices: these have no price of their own; the children of a configurable have one each. */
const WITHOUT_PRICES = ['configurable', 'giftcard'];

const PRICE_TYPE_FIXED = 1;

/** The products of a page. Prices, websites and the like are added to them. */
export interface ProductPage {
  readonly byId: ReadonlyMap<number, PricedProduct>;
  /** By the id that value tables hold: `row_id` on Adobe Commerce, else the entity id. */
  readonly byLink: ReadonlyMap<number, PricedProduct>;
  /** Selects rows of the products by that id. */
  readonly links: Selection;
  readonly failures: readonly ItemFailure[];
}

/** The products in force that have prices; one query, and one more where there are bundles. */
export async function readProducts(
  shop: Shop,
  read: Read,
  selection: Selection,
): Promise<ProductPage> {
  const { product } = shop;
  const rows = await read.rows<[number, number, string, string | null]>(`
    SELECT e.entity_id, e.${product.linkField}, e.type_id, e.sku
    FROM ${shop.t(product.name)} e
    WHERE ${among('e.entity_id', selection)} AND ${product.active('e')}
      AND e.type_id NOT IN (${WITHOUT_PRICES.map((type) => `'${type}'`).join(', ')})`);
  const bundles = rows.filter(([, , type]) => type === 'bundle').map(([, link]) => link);
  const fixed = await readFixedBundles(shop, read, bundles);

  const byId = new Map<number, PricedProduct>();
  const byLink = product.versioned ? new Map<number, PricedProduct>() : byId;
  const failures: ItemFailure[] = [];
  for (const [id, link, type, sku] of rows) {
    if (sku === null) {
      failures.push({ sourceId: id, code: 'CDE01-16', message: `Product ${id} has no SKU.` });
      continue;
    }
    const priced: PricedProduct = {
      id,
      sku,
      type: itemType(type, fixed.has(link)),
      prices: { regular: null, special: null, inWebsites: undefined },
      websiteIds: [],
      parents: undefined,
      tiers: undefined,
      rules: undefined,
    };
    byId.set(id, priced);
    byLink.set(link, priced);
  }
  const links: Selection = product.versioned ? { kind: 'ids', ids: [...byLink.keys()] } : selection;
  return { byId, byLink, links, failures };
}

async function readFixedBundles(
  shop: Shop,
  read: Read,
  links: readonly number[],
): Promise<ReadonlySet<number>> {
  if (links.length === 0) return new Set();
  // +0: a plain condition may be read by the index of the attribute, which holds all bundles.
  const rows = await read.rows<[number]>(`
    SELECT v.${shop.product.linkField}
    FROM ${shop.t('catalog_product_entity_int')} v
    WHERE ${amongIds(`v.${shop.product.linkField}`, links)}
      AND v.attribute_id+0 = ${shop.productAttributes.id('price_type')}
      AND v.store_id = 0 AND v.value = ${PRICE_TYPE_FIXED}`);
  return new Set(rows.map(([link]) => link));
}

function itemType(type: string, fixedBundle: boolean): PricedProduct['type'] {
  switch (type) {
    case 'downloadable':
      return 'DOWNLOADABLE';
    case 'grouped':
      return 'GROUPED';
    case 'bundle':
      return fixedBundle ? 'BUNDLE_FIXED' : 'BUNDLE_DYNAMIC';
    default:
      return 'SIMPLE';
  }
}

/** Adds the websites that each product is assigned to, in order of id. */
export async function readWebsites(
  shop: Shop,
  read: Read,
  selection: Selection,
  { byId }: ProductPage,
): Promise<void> {
  const rows = await read.rows<[number, number]>(`
    SELECT w.product_id, w.website_id
    FROM ${shop.t('catalog_product_website')} w
    WHERE ${among('w.product_id', selection)}`);
  for (const [id, websiteId] of rows) byId.get(id)?.websiteIds.push(websiteId);
}

/** Adds the rows of `price` and `special_price`. */
export async function readPrices(
  shop: Shop,
  read: Read,
  { byLink, links }: ProductPage,
  websiteOf: ReadonlyMap<number, number>,
): Promise<void> {
  const { linkField } = shop.product;
  const price = shop.productAttributes.id('price');
  const specialPrice = shop.productAttributes.id('special_price');
  // +0, as above: a plain condition makes a range for each product and attribute.
  const rows = await read.rows<[number, number, number, string | null]>(`
    SELECT v.${linkField}, v.store_id, v.attribute_id, v.value
    FROM ${shop.t('catalog_product_entity_decimal')} v
    WHERE ${among(`v.${linkField}`, links)} AND v.attribute_id+0 IN (${price}, ${specialPrice})`);
  for (const [link, storeId, attributeId, value] of rows) {
    const prices = byLink.get(link)?.prices;
    if (prices === undefined) continue;
    const special = attributeId === specialPrice;
    const amount = value === null ? null : Number(value);
    if (storeId === 0) {
      if (special) prices.special = amount;
      else prices.regular = amount;
      continue;
    }
    const websiteId = websiteOf.get(storeId);
    if (websiteId === undefined) continue;
    prices.inWebsites ??= new Map();
    append(prices.inWebsites, websiteId, { storeId, special, amount });
  }
}

/** Adds the group and tier prices. */
export async function readTiers(
  shop: Shop,
  read: Read,
  { byLink, links }: ProductPage,
): Promise<void> {
  const { linkField } = shop.product;
  const rows = await read.rows<[number, number, number, number, string, string, string | null]>(`
    SELECT t.${linkField}, t.all_groups, t.customer_group_id, t.website_id, t.qty, t.value,
           t.percentage_value
    FROM ${shop.t('catalog_product_entity_tier_price')} t
    WHERE ${among(`t.${linkField}`, links)}`);
  for (const [link, allGroups, groupId, websiteId, qty, value, percentage] of rows) {
    const product = byLink.get(link);
    if (product === undefined) continue;
    product.tiers ??= new Map();
    append(product.tiers, websiteId, {
      groupId: allGroups === 0 ? groupId : undefined,
      qty: Number(qty),
      amount: Number(percentage ?? value),
      percent: percentage !== null,
    });
  }
}
