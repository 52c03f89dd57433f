import type { Read } from '../../commerce/read.js';
import type { Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { readBundles, readNames, type BundleOption } from './bundle-options.js';
import { readCategories, type ProductCategories } from './categories.js';
import { readConfigurables, type Configurable } from './configurables.js';
import { readCustomOptions, type CustomOption } from './custom-options.js';
import {
  readDownloadableLinks,
  readDownloadableSamples,
  type DownloadableLink,
  type DownloadableSample,
} from './downloadables.js';
import type { Epoch } from './epoch.js';
import { readStockItems, type StockItems } from './extra-attributes.js';
import { readGalleries, type Galleries } from './gallery.js';
import { readGroupedValues, type GroupedValues } from './grouped-options.js';
import { readParentLinks, readProductLinks, type ProductLink } from './links.js';
import { readPage, type Page } from './page.js';
import { readRelatives, type Relatives } from './relatives.js';
import type { Scoped } from './scoped.js';
import { readStock, type ProductStock } from './stock.js';
import { readUrlRewrites, type UrlRewrite } from './urls.js';
import { readValues, type ProductValues } from './values.js';

/** All rows of a page's products. Maps are by link id of the product, but where said otherwise. */
export interface PageData {
  readonly page: Page;
  readonly values: ReadonlyMap<number, ProductValues>;
  readonly galleries: Galleries;
  readonly categories: ProductCategories;
  readonly stock: ProductStock;
  /** By entity id and store view. */
  readonly urlRewrites: ReadonlyMap<number, ReadonlyMap<number, readonly UrlRewrite[]>>;
  readonly links: ReadonlyMap<number, readonly ProductLink[]>;
  readonly groupedValues: GroupedValues;
  /** Link ids of parents, by entity id. */
  readonly parentLinks: ReadonlyMap<number, readonly number[]>;
  readonly relatives: Relatives;
  readonly customOptions: ReadonlyMap<number, readonly CustomOption[]>;
  readonly bundles: ReadonlyMap<number, readonly BundleOption[]>;
  /** Names of the products in bundles, by their link id. */
  readonly names: ReadonlyMap<number, Scoped<string>>;
  readonly configurables: ReadonlyMap<number, Configurable>;
  readonly downloadableLinks: ReadonlyMap<number, readonly DownloadableLink[]>;
  readonly samples: ReadonlyMap<number, readonly DownloadableSample[]>;
  readonly stockItems: StockItems;
}

/** Reads a page, one query after the other: a snapshot is a connection. */
export async function readPageData(
  read: Read,
  shop: Shop,
  epoch: Epoch,
  selection: Selection,
): Promise<PageData> {
  const page = await readPage(read, shop, selection);
  const values = await readValues(read, shop, page, epoch.valueTables);
  const galleries = await readGalleries(read, shop, page);
  const categories = await readCategories(read, shop, page);
  const stock = await readStock(read, shop, page, epoch.stockAssignments);
  const urlRewrites = await readUrlRewrites(read, shop, page);
  const customOptions = await readCustomOptions(read, shop, page);
  const configurables = await readConfigurables(read, shop, page);
  const downloadableLinks = await readDownloadableLinks(read, shop, page);
  const samples = await readDownloadableSamples(read, shop, page);
  const stockItems = epoch.extra === undefined ? new Map() : await readStockItems(read, shop, page);

  const links = await readProductLinks(read, shop, page);
  const groupedValues = await readGroupedValues(
    read,
    shop,
    epoch.groupedAttributes,
    links.values(),
  );
  const parentLinks = await readParentLinks(read, shop, page);
  const bundles = await readBundles(read, shop, page);
  const children = childrenOf(bundles.values());
  const relatives = await readRelatives(
    read,
    shop,
    new Set([...linkedIds(links.values()), ...children]),
    new Set([...parentLinks.values()].flat()),
  );
  const names = await readNames(
    read,
    shop,
    [...children].flatMap((id) => relatives.byId.get(id)?.link ?? []),
  );
  return {
    page,
    values,
    galleries,
    categories,
    stock,
    urlRewrites,
    links,
    groupedValues,
    parentLinks,
    relatives,
    customOptions,
    bundles,
    names,
    configurables,
    downloadableLinks,
    samples,
    stockItems,
  };
}

function* linkedIds(links: Iterable<readonly ProductLink[]>): Iterable<number> {
  for (const list of links) for (const { linkedId } of list) yield linkedId;
}

function childrenOf(bundles: Iterable<readonly BundleOption[]>): Set<number> {
  const children = new Set<number>();
  for (const options of bundles) {
    for (const { selections } of options) {
      for (const { childId } of selections) children.add(childId);
    }
  }
  return children;
}
