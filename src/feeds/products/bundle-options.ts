import type { Read } from '../../commerce/read.js';
import { amongIds } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { leadingNumber, numberOrNull } from './casts.js';
import type { Option } from './contract-options.js';
import { appendById, orNull, within } from './grouping.js';
import { base64, optionValue } from './option-values.js';
import type { Page } from './page.js';
import type { Relatives } from './relatives.js';
import { Scoped, setScoped } from './scoped.js';
import type { ProductStoreView } from './store-views.js';

export interface BundleSelection {
  readonly id: number;
  readonly optionId: number;
  /** Entity id of the product that is sold. */
  readonly childId: number;
  readonly sortOrder: number;
  readonly isDefault: boolean;
  readonly percent: boolean;
  readonly price: string;
  readonly qty: string | null;
  readonly qtyMutable: boolean;
  /** By website. */
  readonly prices: Scoped<string>;
}

export interface BundleOption {
  readonly id: number;
  readonly required: boolean;
  readonly position: number;
  readonly type: string | null;
  readonly titles: Scoped<string | null>;
  readonly selections: BundleSelection[];
}

/** Bundle options by link id of the product, whatever its type. One query; three if there are any. */
export async function readBundles(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<Map<number, BundleOption[]>> {
  const bundles = new Map<number, BundleOption[]>();
  if (!shop.hasTable('catalog_product_bundle_option')) return bundles;
  const rows = await read.rows<
    [number, number, number, number, string | null, number | null, string | null]
  >(`
    SELECT o.parent_id, o.option_id, o.required, o.position, o.type, t.store_id, t.title
    FROM ${shop.t('catalog_product_bundle_option')} o
    LEFT JOIN ${shop.t('catalog_product_bundle_option_value')} t
      ON t.option_id = o.option_id AND t.parent_product_id = o.parent_id
    WHERE ${page.links('o.parent_id')}`);
  const byId = new Map<number, Map<number, BundleOption>>();
  for (const [link, id, required, position, type, storeId, title] of rows) {
    const options = within(byId, link);
    let option = options.get(id);
    if (option === undefined) {
      const titles = new Scoped<string | null>();
      option = { id, required: required !== 0, position, type, titles, selections: [] };
      options.set(id, option);
      appendById(bundles, link, option);
    }
    if (storeId !== null) option.titles.set(storeId, title);
  }
  if (bundles.size > 0) await readSelections(read, shop, byId);
  return bundles;
}

async function readSelections(
  read: Read,
  shop: Shop,
  options: ReadonlyMap<number, ReadonlyMap<number, BundleOption>>,
): Promise<void> {
  const optionIds = new Set<number>();
  for (const byId of options.values()) for (const id of byId.keys()) optionIds.add(id);
  // There is no index on the parent; option ids of a page belong to its products.
  const rows = await read.rows<
    [number, number, number, number, number, number, number, string, string | null, number]
  >(`
    SELECT s.selection_id, s.parent_product_id, s.option_id, s.product_id, s.position,
           s.is_default, s.selection_price_type, s.selection_price_value, s.selection_qty,
           s.selection_can_change_qty
    FROM ${shop.t('catalog_product_bundle_selection')} s
    WHERE ${amongIds('s.option_id', [...optionIds])}`);
  const prices = await readSelectionPrices(
    read,
    shop,
    rows.map(([id]) => id),
  );
  for (const row of rows) {
    const [id, link, optionId, childId, sortOrder, isDefault, priceType, price, qty, mutable] = row;
    const option = options.get(link)?.get(optionId);
    if (option === undefined) continue;
    option.selections.push({
      id,
      optionId,
      childId,
      sortOrder,
      isDefault: isDefault !== 0,
      percent: priceType !== 0,
      price,
      qty,
      qtyMutable: mutable !== 0,
      prices: prices.get(link)?.get(id) ?? new Scoped<string>(),
    });
  }
  for (const byId of options.values()) {
    for (const { selections } of byId.values()) selections.sort((a, b) => a.id - b.id);
  }
}

/** By link id of the bundle and selection id. */
async function readSelectionPrices(
  read: Read,
  shop: Shop,
  selectionIds: readonly number[],
): Promise<Map<number, Map<number, Scoped<string>>>> {
  const rows = await read.rows<[number, number, number, string]>(`
    SELECT p.parent_product_id, p.selection_id, p.website_id, p.selection_price_value
    FROM ${shop.t('catalog_product_bundle_selection_price')} p
    WHERE ${amongIds('p.selection_id', selectionIds)}`);
  const prices = new Map<number, Map<number, Scoped<string>>>();
  for (const [link, id, websiteId, price] of rows) {
    setScoped(within(prices, link), id, websiteId, price);
  }
  return prices;
}

/** Names of products by link id; the scopes are store views. One query, or none. */
export async function readNames(
  read: Read,
  shop: Shop,
  links: readonly number[],
): Promise<Map<number, Scoped<string>>> {
  const names = new Map<number, Scoped<string>>();
  if (links.length === 0) return names;
  const { name, linkField } = shop.product;
  const rows = await read.rows<[number, number, string]>(`
    SELECT v.${linkField}, v.store_id, v.value
    FROM ${shop.t(`${name}_varchar`)} v
    WHERE ${amongIds(`v.${linkField}`, links)}
      AND v.attribute_id+0 = ${shop.productAttributes.id('name')} AND v.value IS NOT NULL`);
  for (const [link, storeId, value] of rows) setScoped(names, link, storeId, value);
  return names;
}

/** Bundles: children count whatever their status, stock and websites. */
export function bundleOptions(
  options: readonly BundleOption[],
  relatives: Relatives,
  names: ReadonlyMap<number, Scoped<string>>,
  { id: storeId, websiteId }: ProductStoreView,
): Option[] {
  return options.map(({ id, titles, position, required, type, selections }): Option => {
    const label = titles.get(storeId) ?? null;
    return {
      id: String(id),
      ...(label === null ? {} : { label }),
      sortOrder: position,
      required,
      ...(type === null ? {} : { renderType: type }),
      type: 'bundle',
      values: orNull(
        selections.flatMap((selection) => {
          const child = relatives.byId.get(selection.childId);
          if (child === undefined) return [];
          const qty = numberOrNull(selection.qty);
          return optionValue({
            id: base64(`bundle/${id}/${selection.id}/${Math.trunc(qty ?? 0)}`),
            label: names.get(child.link)?.get(storeId) ?? null,
            sortOrder: selection.sortOrder,
            isDefault: selection.isDefault,
            qtyMutability: selection.qtyMutable,
            qty,
            sku: child.sku,
            price: leadingNumber(selection.prices.own(websiteId) ?? selection.price),
            priceType: selection.percent ? 'percent' : 'fixed',
          });
        }),
      ),
    };
  });
}
