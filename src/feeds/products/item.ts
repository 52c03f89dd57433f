import type { ItemOf } from '../feed.js';
import { numberOrNull, truth } from './casts.js';
import type { LinkEntry, ParentEntry, Product } from './contract.js';
import { shopperInputOptions } from './custom-option-entries.js';
import { acDownloadable, sampleEntries } from './downloadable-entries.js';
import type { Epoch } from './epoch.js';
import { orNull } from './grouping.js';
import { optionsOf } from './item-options.js';
import {
  hasMainValues,
  priceViewOf,
  statusOf,
  visibilityOf,
  type MainCode,
} from './main-values.js';
import { roleImage } from './media.js';
import type { PageData } from './page-data.js';
import type { PageProduct } from './page.js';
import type { ProductStoreView } from './store-views.js';
import { urlOf, urlRewriteEntries } from './urls.js';
import { ProductValues } from './values.js';

export type ProductItem = ItemOf<typeof Product>;

/** What the items of a product have in common in all store views of a website. */
export interface InWebsite {
  readonly links: LinkEntry[] | null;
  readonly parents: ParentEntry[] | null;
}

/** Every key, in the reference exporter's order; absent ones are undefined, which JSON leaves out. */
type Shaped<Item> = {
  [Key in keyof Required<Item>]: undefined extends Item[Key] ? Item[Key] | undefined : Item[Key];
};

const NO_VALUES = new ProductValues();
const NO_DATE = '0000-00-00 00:00:00';

/** The item of a product in a store view; undefined when it has no status that could be exported. */
export function productItem(
  epoch: Epoch,
  data: PageData,
  product: PageProduct,
  storeView: ProductStoreView,
  { links, parents }: InWebsite,
): ProductItem | undefined {
  const { mainIds } = epoch;
  const { id: productId, link } = product;
  const { id: storeId, websiteId } = storeView;
  const values = data.values.get(link) ?? NO_VALUES;
  const text = (code: MainCode): string | null => values.text(mainIds[code], storeId);

  const status = statusOf(text('status'));
  if (status === undefined || !hasMainValues(values, epoch.mainIdSet, storeId)) return undefined;
  const visibility = visibilityOf(text('visibility'));
  const weight = numberOrNull(text('weight')) ?? undefined;
  const urlKey = text('url_key');
  const separately = text('links_purchased_separately');
  const stock = data.stock.of(productId, websiteId);
  const inStock = stock?.inStock ?? false;
  const media = epoch.media.of(product, data.galleries, values, storeView);
  const categoryData = data.categories.of(productId, storeId);
  const rewrites = data.urlRewrites.get(productId)?.get(storeId) ?? [];
  const customOptions = data.customOptions.get(link) ?? [];
  const samples = sampleEntries(data.samples.get(link) ?? [], storeView);
  const options = optionsOf(epoch, data, product, storeView, text('links_title'));
  const taxClass = epoch.taxClasses.get(Number(text('tax_class_id'))) ?? 'no';

  const attributes = epoch.attributeEntries.of(values, storeId);
  if (product.type === 'downloadable') {
    attributes.push(acDownloadable(truth(separately), samples, options));
  }
  if (epoch.extra !== undefined) {
    attributes.push(...epoch.extra.of(product, taxClass, data.stockItems, websiteId));
  }

  const item: Shaped<ProductItem> = {
    sku: product.sku,
    storeViewCode: storeView.code,
    storeCode: storeView.storeCode,
    websiteCode: storeView.websiteCode,
    name: text('name') ?? undefined,
    productId,
    type: typeOf(epoch, product, values),
    shortDescription: filtered(epoch, text('short_description')),
    description: filtered(epoch, text('description')),
    image: roleImage(text('image'), text('image_label'), storeView),
    linksPurchasedSeparately: separately === null ? undefined : truth(separately),
    metaDescription: text('meta_description') ?? undefined,
    metaKeyword: text('meta_keyword') ?? undefined,
    metaTitle: text('meta_title') ?? undefined,
    smallImage: roleImage(text('small_image'), text('small_image_label'), storeView),
    status,
    swatchImage: roleImage(text('swatch_image'), null, storeView),
    taxClassId: taxClass,
    thumbnail: roleImage(text('thumbnail'), text('thumbnail_label'), storeView),
    createdAt: dateOf(epoch, product.createdAt),
    updatedAt: dateOf(epoch, product.updatedAt),
    urlKey: urlKey ?? undefined,
    visibility,
    weight,
    weightType: text('weight_type') ?? undefined,
    priceView: priceViewOf(text('price_view')),
    weightUnit: weight === undefined ? null : storeView.weightUnit,
    currency: storeView.currency,
    displayable:
      status === 'Enabled' && visibility !== undefined && visibility !== 'Not Visible Individually',
    buyable: status === 'Enabled' && inStock,
    attributes: orNull(attributes),
    categoryData,
    media_gallery: media.media_gallery,
    optionsV2: options,
    shopperInputOptions: orNull(shopperInputOptions(customOptions, storeId)),
    samples,
    images: media.images,
    videos: media.videos,
    links,
    parents,
    inStock,
    lowStock: (stock?.quantity ?? 0) < storeView.stockThreshold,
    url: urlOf(productId, urlKey, rewrites, storeView),
    urlRewrites: urlRewriteEntries(rewrites, storeView),
    variants: null,
    categories: categoryData?.map(({ categoryPath }) => categoryPath),
  };
  return item as ProductItem;
}

function typeOf(epoch: Epoch, { type }: PageProduct, values: ProductValues): string {
  return type === 'bundle' && values.somewhere(epoch.priceTypeId, 1) ? 'bundle_fixed' : type;
}

function filtered({ contentFilter }: Epoch, text: string | null): string | undefined {
  return text === null ? undefined : contentFilter(text);
}

function dateOf({ localTime }: Epoch, date: string | null): string | undefined {
  return date === NO_DATE ? localTime() : (date ?? undefined);
}
