import type { Read } from '../../commerce/read.js';
import { amongIds } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { append, within } from './grouping.js';
import type { Page } from './page.js';
import { Scoped, setScoped } from './scoped.js';

export interface DownloadableLink {
  readonly id: number;
  readonly sortOrder: number;
  /** 0: without limit. */
  readonly downloads: number;
  readonly hasSample: boolean;
  readonly titles: Scoped<string | null> | undefined;
  /** Prices by website id, 0 for the default; several rows for one are possible. */
  readonly prices: ReadonlyMap<number, readonly string[]> | undefined;
}

export interface DownloadableSample {
  readonly id: number;
  readonly sortOrder: number;
  readonly titles: Scoped<string | null>;
}

/**
 * Links of downloadable products by link id of the product, in order of position and id. Three
 * queries, none where the page has no downloadable products.
 */
export async function readDownloadableLinks(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<Map<number, DownloadableLink[]>> {
  const downloadable = page.linksOfType('downloadable', 'l.product_id');
  const links = new Map<number, DownloadableLink[]>();
  if (downloadable === undefined || !shop.hasTable('downloadable_link')) return links;
  const rows = await read.rows<[number, number, number, number | null, number]>(`
    SELECT l.product_id, l.link_id, l.sort_order, l.number_of_downloads,
           l.sample_url IS NOT NULL OR l.sample_file IS NOT NULL
    FROM ${shop.t('downloadable_link')} l
    WHERE ${downloadable}`);
  const ids = rows.map(([, id]) => id);
  const titles = await readTitles(read, shop, ids);
  const prices = await readPrices(read, shop, ids);
  for (const [link, id, sortOrder, downloads, hasSample] of rows) {
    append(links, link, {
      id,
      sortOrder,
      downloads: downloads ?? 0,
      hasSample: hasSample === 1,
      titles: titles.get(id),
      prices: prices.get(id),
    });
  }
  for (const list of links.values()) list.sort(byPosition);
  return links;
}

async function readTitles(
  read: Read,
  shop: Shop,
  linkIds: readonly number[],
): Promise<Map<number, Scoped<string | null>>> {
  const rows = await read.rows<[number, number, string | null]>(`
    SELECT t.link_id, t.store_id, t.title
    FROM ${shop.t('downloadable_link_title')} t
    WHERE ${amongIds('t.link_id', linkIds)}`);
  const titles = new Map<number, Scoped<string | null>>();
  for (const [linkId, storeId, title] of rows) setScoped(titles, linkId, storeId, title);
  return titles;
}

async function readPrices(
  read: Read,
  shop: Shop,
  linkIds: readonly number[],
): Promise<Map<number, Map<number, string[]>>> {
  const rows = await read.rows<[number, number, string]>(`
    SELECT p.link_id, p.website_id, p.price
    FROM ${shop.t('downloadable_link_price')} p
    WHERE ${amongIds('p.link_id', linkIds)}
    ORDER BY p.price_id`);
  const prices = new Map<number, Map<number, string[]>>();
  for (const [linkId, websiteId, price] of rows) append(within(prices, linkId), websiteId, price);
  return prices;
}

/**
 * Samples by link id of the product, whatever its type, in order of position and id (which the
 * reference exporter leaves to the database): one query.
 */
export async function readDownloadableSamples(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<Map<number, DownloadableSample[]>> {
  const samples = new Map<number, DownloadableSample[]>();
  if (!shop.hasTable('downloadable_sample')) return samples;
  const rows = await read.rows<[number, number, number, number | null, string | null]>(`
    SELECT s.product_id, s.sample_id, s.sort_order, t.store_id, t.title
    FROM ${shop.t('downloadable_sample')} s
    LEFT JOIN ${shop.t('downloadable_sample_title')} t ON t.sample_id = s.sample_id
    WHERE ${page.links('s.product_id')}`);
  const byId = new Map<number, DownloadableSample>();
  for (const [link, id, sortOrder, storeId, title] of rows) {
    let sample = byId.get(id);
    if (sample === undefined) {
      sample = { id, sortOrder, titles: new Scoped<string | null>() };
      byId.set(id, sample);
      append(samples, link, sample);
    }
    if (storeId !== null) sample.titles.set(storeId, title);
  }
  for (const list of samples.values()) list.sort(byPosition);
  return samples;
}

function byPosition(
  a: { readonly sortOrder: number; readonly id: number },
  b: { readonly sortOrder: number; readonly id: number },
): number {
  return a.sortOrder - b.sortOrder || a.id - b.id;
}
