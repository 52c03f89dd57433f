import type { Read } from '../../commerce/read.js';
import { amongIds } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { append, appendById } from './grouping.js';
import type { Page } from './page.js';
import { Scoped, setScoped } from './scoped.js';

export interface CustomOptionPrice {
  readonly amount: string;
  /** `fixed` or `percent`. */
  readonly type: string;
}

export interface CustomOptionValue {
  readonly id: number;
  readonly sku: string | null;
  readonly sortOrder: number;
  readonly titles: Scoped<string | null>;
  readonly prices: Scoped<CustomOptionPrice> | undefined;
}

/** A custom option that has a title in the default scope; without one it is none. */
export interface CustomOption {
  readonly id: number;
  readonly type: string;
  readonly required: boolean;
  readonly sku: string | null;
  readonly maxCharacters: number | null;
  readonly fileExtension: string | null;
  readonly imageSizeX: number | null;
  readonly imageSizeY: number | null;
  readonly sortOrder: number;
  readonly titles: Scoped<string | null>;
  readonly prices: Scoped<CustomOptionPrice> | undefined;
  /** Those that have a title in the default scope, by id. */
  readonly values: readonly CustomOptionValue[];
}

type OptionRow = readonly [
  link: number,
  id: number,
  type: string | null,
  required: number,
  sku: string | null,
  maxCharacters: number | null,
  fileExtension: string | null,
  imageSizeX: number | null,
  imageSizeY: number | null,
  sortOrder: number,
  storeId: number,
  title: string | null,
];

/**
 * Custom options by link id of the product, in order of position and id. One query; four where the
 * page has any.
 */
export async function readCustomOptions(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<Map<number, CustomOption[]>> {
  const rows = await read.rows<OptionRow>(`
    SELECT o.product_id, o.option_id, o.type, o.is_require, o.sku, o.max_characters,
           o.file_extension, o.image_size_x, o.image_size_y, o.sort_order, t.store_id, t.title
    FROM ${shop.t('catalog_product_option')} o
    JOIN ${shop.t('catalog_product_option_title')} t ON t.option_id = o.option_id
    WHERE ${page.links('o.product_id')}`);
  const titles = new Map<number, Scoped<string | null>>();
  for (const row of rows) setScoped(titles, row[1], row[10], row[11]);
  const byId = new Map<number, OptionRow>();
  for (const row of rows) if (titles.get(row[1])?.base !== undefined) byId.set(row[1], row);
  const options = new Map<number, CustomOption[]>();
  if (byId.size === 0) return options;

  const ids = [...byId.keys()];
  const prices = await readPrices(read, shop, 'catalog_product_option_price', 'option_id', ids);
  const values = await readOptionValues(read, shop, ids);
  for (const [id, row] of byId) {
    append(options, row[0], {
      id,
      type: row[2] ?? '',
      required: row[3] !== 0,
      sku: row[4],
      maxCharacters: row[5],
      fileExtension: row[6],
      imageSizeX: row[7],
      imageSizeY: row[8],
      sortOrder: row[9],
      titles: titles.get(id) ?? new Scoped<string | null>(),
      prices: prices.get(id),
      values: values.get(id) ?? [],
    });
  }
  for (const list of options.values())
    list.sort((a, b) => a.sortOrder - b.sortOrder || a.id - b.id);
  return options;
}

/** Two queries: the values of options with their titles, and their prices. */
async function readOptionValues(
  read: Read,
  shop: Shop,
  optionIds: readonly number[],
): Promise<Map<number, CustomOptionValue[]>> {
  const rows = await read.rows<[number, number, string | null, number, number, string | null]>(`
    SELECT v.option_id, v.option_type_id, v.sku, v.sort_order, t.store_id, t.title
    FROM ${shop.t('catalog_product_option_type_value')} v
    JOIN ${shop.t('catalog_product_option_type_title')} t ON t.option_type_id = v.option_type_id
    WHERE ${amongIds('v.option_id', optionIds)}`);
  const titles = new Map<number, Scoped<string | null>>();
  for (const [, id, , , storeId, title] of rows) setScoped(titles, id, storeId, title);
  const values = new Map<number, CustomOptionValue[]>();
  const prices = await readPrices(
    read,
    shop,
    'catalog_product_option_type_price',
    'option_type_id',
    [...titles.keys()],
  );
  const seen = new Set<number>();
  for (const [optionId, id, sku, sortOrder] of rows) {
    const scoped = titles.get(id);
    if (scoped?.base === undefined || seen.has(id)) continue;
    seen.add(id);
    appendById(values, optionId, { id, sku, sortOrder, titles: scoped, prices: prices.get(id) });
  }
  return values;
}

async function readPrices(
  read: Read,
  shop: Shop,
  table: string,
  key: string,
  ids: readonly number[],
): Promise<Map<number, Scoped<CustomOptionPrice>>> {
  const rows = await read.rows<[number, number, string, string]>(`
    SELECT p.${key}, p.store_id, p.price, p.price_type
    FROM ${shop.t(table)} p
    WHERE ${amongIds(`p.${key}`, ids)}`);
  const prices = new Map<number, Scoped<CustomOptionPrice>>();
  for (const [id, storeId, amount, type] of rows) setScoped(prices, id, storeId, { amount, type });
  return prices;
}
