import type { Attribute, ValueType } from '../../commerce/attributes.js';
import { baseUrls } from '../../commerce/base-urls.js';
import { readContentFilter, type ContentFilter } from '../../commerce/content-filter.js';
import type { Read } from '../../commerce/read.js';
import { baseUrlWarnings } from '../base-url-warnings.js';
import type { CollectWarning, FeedContext } from '../feed.js';
import { AttributeEntries, listedAttributes } from './attribute-entries.js';
import { readAttributeOptions } from './attribute-options.js';
import { ConfigurableOptions, readAttributeFaces } from './configurable-options.js';
import { ExtraAttributes, readAttributeSetNames } from './extra-attributes.js';
import { readGroupedAttributes, type GroupedAttributes } from './grouped-options.js';
import { mainAttributeIds, mainAttributes, type MainAttributeIds } from './main-values.js';
import { MediaMaker } from './media.js';
import { readStockAssignments, type StockAssignments } from './stock.js';
import { storeViewsOf, type ProductStoreView } from './store-views.js';

/** What all pages of an epoch share: bounded by the shop's metadata, not by its products. */
export interface Epoch {
  readonly storeViewsByWebsite: ReadonlyMap<number, readonly ProductStoreView[]>;
  /** The attributes to read, by value table. */
  readonly valueTables: ReadonlyMap<ValueType, readonly Attribute[]>;
  readonly mainIds: MainAttributeIds;
  readonly mainIdSet: ReadonlySet<number>;
  readonly priceTypeId: number;
  readonly stockAssignments: StockAssignments;
  readonly groupedAttributes: GroupedAttributes;
  /** Names by `class_id`. */
  readonly taxClasses: ReadonlyMap<number, string>;
  readonly attributeEntries: AttributeEntries;
  readonly media: MediaMaker;
  readonly configurableOptions: ConfigurableOptions;
  readonly contentFilter: ContentFilter;
  readonly extra: ExtraAttributes | undefined;
  /** Of what all pages share. */
  readonly warnings: readonly CollectWarning[];
  /** The time of the export where Commerce is: what replaces dates of zeros. */
  readonly localTime: () => string;
}

export async function readEpoch(read: Read, context: FeedContext): Promise<Epoch> {
  const { shop, settings, clock } = context;
  const { productAttributes: attributes, configuration } = shop;
  const options = await readAttributeOptions(read, shop);
  const faces = await readAttributeFaces(read, shop);
  const adminUrls = baseUrls(configuration, { id: 0, code: 'admin' });
  const timeZone = configuration.value('general/locale/timezone') ?? 'UTC';
  const codes = new Set(['price_type']);
  for (const { code } of mainAttributes(attributes)) codes.add(code);
  for (const { code } of listedAttributes(attributes)) codes.add(code);
  const storeViewsByWebsite = storeViewsOf(shop);
  return {
    storeViewsByWebsite,
    warnings: baseUrlWarnings([...storeViewsByWebsite.values()].flat()),
    valueTables: attributes.byValueType(codes),
    mainIds: mainAttributeIds(attributes),
    mainIdSet: new Set(mainAttributes(attributes).map(({ id }) => id)),
    priceTypeId: attributes.id('price_type'),
    stockAssignments: await readStockAssignments(read, shop),
    groupedAttributes: await readGroupedAttributes(read, shop),
    taxClasses: new Map(
      await read.rows<[number, string]>(
        `SELECT t.class_id, t.class_name FROM ${shop.t('tax_class')} t`,
      ),
    ),
    attributeEntries: new AttributeEntries(attributes, options),
    media: new MediaMaker(attributes),
    configurableOptions: new ConfigurableOptions(shop, options, faces, adminUrls.media),
    contentFilter: await readContentFilter(read, shop),
    extra: settings.extraProductAttributes
      ? new ExtraAttributes(configuration, await readAttributeSetNames(read, shop))
      : undefined,
    localTime: () => localTime(clock(), timeZone),
  };
}

/** `YYYY-MM-DD HH:MM:SS` in a time zone. */
function localTime(time: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(time);
}
