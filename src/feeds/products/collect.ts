import type { Read } from '../../commerce/read.js';
import type { Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { explainCauses } from '../../errors/export-error.js';
import type { Collected, CollectWarning, ItemFailure } from '../feed.js';
import { optionWithoutValues } from './custom-option-entries.js';
import type { Epoch } from './epoch.js';
import { productItem, type InWebsite, type ProductItem } from './item.js';
import { linkEntries, parentEntries } from './links.js';
import { readPageData, type PageData } from './page-data.js';
import type { PageProduct } from './page.js';
import type { ProductStoreView } from './store-views.js';

/** The items of a page: each product in the store views of the websites it is assigned to. */
export async function collectProducts(
  shop: Shop,
  epoch: Epoch,
  read: Read,
  selection: Selection,
): Promise<Collected<ProductItem>> {
  const data = await readPageData(read, shop, epoch, selection);
  const items: ProductItem[] = [];
  const failures: ItemFailure[] = [];
  for (const product of data.page.products) {
    const unusable = unusableOption(data, product);
    for (const websiteId of product.websiteIds) {
      const storeViews = epoch.storeViewsByWebsite.get(websiteId);
      if (storeViews === undefined) continue;
      if (unusable !== undefined) {
        failures.push(...storeViews.map((storeView) => failureOf(product, storeView, unusable)));
        continue;
      }
      const inWebsite = sharedInWebsite(data, product, websiteId);
      for (const storeView of storeViews) {
        const made = attempt(epoch, data, product, storeView, inWebsite);
        if ('code' in made) failures.push(made);
        else items.push(made);
      }
    }
  }
  return { items, failures, warnings: [...epoch.warnings, ...warningsOf(shop, data)] };
}

function warningsOf({ storeViews }: Shop, { categories }: PageData): CollectWarning[] {
  return categories.pathless.map(({ categoryId, storeId }) => {
    const code = storeViews.find(({ id }) => id === storeId)?.code ?? storeId;
    return {
      code: 'CDE01-22',
      message: `Category ${categoryId} has no URL path in store view ${code}: its products do not name it.`,
    };
  });
}

function sharedInWebsite(data: PageData, product: PageProduct, websiteId: number): InWebsite {
  const links = data.links.get(product.link);
  const parents = data.parentLinks.get(product.id);
  return {
    links: links === undefined ? null : linkEntries(links, data.relatives, websiteId),
    parents: parents === undefined ? null : parentEntries(parents, data.relatives, websiteId),
  };
}

/** The item, or why there is none: one broken row stops no other item. */
function attempt(
  epoch: Epoch,
  data: PageData,
  product: PageProduct,
  storeView: ProductStoreView,
  inWebsite: InWebsite,
): ProductItem | ItemFailure {
  let problem = 'has no status, or one that is none';
  try {
    const item = productItem(epoch, data, product, storeView, inWebsite);
    if (item !== undefined) return item;
  } catch (error) {
    problem = `could not be put together: ${explainCauses(error)}`;
  }
  return failureOf(product, storeView, problem);
}

/** Why a product cannot be exported in any store view: one of its choices offers nothing. */
function unusableOption({ customOptions }: PageData, { link }: PageProduct): string | undefined {
  const broken = optionWithoutValues(customOptions.get(link) ?? []);
  return broken && `has a custom option (${broken.id}) that offers no value with a title`;
}

function failureOf(
  product: PageProduct,
  storeView: ProductStoreView,
  problem: string,
): ItemFailure {
  return {
    sourceId: product.id,
    identity: [product.sku, storeView.code],
    code: 'CDE01-23',
    message: `Product ${product.sku} in store view ${storeView.code} ${problem}.`,
  };
}
