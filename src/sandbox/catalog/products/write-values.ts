import { valueWriter } from '../attributes/value-writer.js';
import type { SqlValue } from '../bulk-writer.js';
import { randomFor, type Catalog } from '../catalog.js';
import { daysAfter, timestamp } from '../dates.js';
import type { Random } from '../random.js';
import type { Version } from '../versions.js';
import { paragraph, sentence } from '../words.js';
import type { Product } from './product.js';

/** One default value: attribute code and value. */
type Value = readonly [code: string, value: SqlValue];

/** Writes the attribute values of a version: fifteen to twenty defaults, and what stores override. */
export function productValueWriter(catalog: Catalog): (product: Product, version: Version) => void {
  const write = valueWriter(catalog, 'product');
  return (product, version) => {
    const random = randomFor(catalog, 'values', product.entityId);
    for (const [code, value] of defaultValues(catalog, product, version, random)) {
      write(version.rowId, code, 0, value);
    }
    for (const [code, value] of typeValues(product)) write(version.rowId, code, 0, value);
    for (const [code, value] of userValues(catalog, product, random)) {
      write(version.rowId, code, 0, value);
    }
    storeValues(catalog, product, random, (code, storeId, value) => {
      write(version.rowId, code, storeId, value);
    });
  };
}

function defaultValues(
  { settings }: Catalog,
  product: Product,
  { state }: Version,
  random: Random,
): Value[] {
  const { price, weight, images } = product;
  const [main = 'no_selection', second = main] = images;
  const special = price !== null && (product.complete || random.chance(0.15));
  const factor = state === 'active' ? 1 : state === 'past' ? 1.1 : 0.9;
  return [
    ['name', state === 'active' ? product.name : `${product.name} (${state})`],
    ['url_key', product.urlKey],
    ['description', description(product, random)],
    ['short_description', paragraph(random, 1)],
    ['image', main],
    ['small_image', main],
    ['thumbnail', second],
    ['options_container', 'container2'],
    ['msrp_display_actual_price_type', '0'],
    ['status', product.enabled ? 1 : 2],
    ['visibility', product.visibility],
    ['tax_class_id', random.pick([2, 2, 2, 2, 4, 0])],
    ['quantity_and_stock_status', 1],
    ...maybe(price, (value): Value[] => [['price', cents(value * factor)]]),
    ...maybe(weight, (value): Value[] => [['weight', value]]),
    ...(special ? specialPrice(settings.now, product, random) : []),
    ...(random.chance(0.3) ? [['meta_title', `Buy ${product.name} “now”`] as const] : []),
    ...(random.chance(0.3) ? [['meta_description', sentence(random)] as const] : []),
    ...(random.chance(0.1) ? [['meta_keyword', 'sale, <new>, best'] as const] : []),
    ...(random.chance(0.1)
      ? [
          ['news_from_date', timestamp(daysAfter(settings.now, -random.whole(1, 30)))] as const,
          ['news_to_date', null] as const,
        ]
      : []),
    ...(random.chance(0.05) ? [['image_label', `${product.name}, front`] as const] : []),
  ];
}

/** Past, present and future ones; for bundles the number is a percentage of the price. */
function specialPrice(now: Date, { type, price }: Product, random: Random): Value[] {
  const from = random.whole(-60, 30);
  return [
    ['special_price', type === 'bundle' ? random.whole(50, 95) : cents((price ?? 0) * 0.8)],
    ['special_from_date', timestamp(daysAfter(now, from))],
    ...(random.chance(0.5)
      ? [['special_to_date', timestamp(daysAfter(now, from + random.whole(1, 60)))] as const]
      : []),
  ];
}

function description(product: Product, random: Random): string {
  const text = paragraph(random, random.whole(2, 5));
  if (product.complete) {
    return `${text}<img src="{{media url="wysiwyg/p.png"}}"><p>{{config path="general/store_information/name"}}: {{customVar code=phone}}</p>`;
  }
  return random.chance(0.01) ? `${text}<a href="{{store direct_url="help"}}">Help</a>` : text;
}

function typeValues({ parts, type }: Product): Value[] {
  switch (parts.kind) {
    case 'bundle':
      return [
        ['price_type', parts.fixedPrice ? 1 : 0],
        ['sku_type', parts.fixedPrice ? 1 : 0],
        ['weight_type', parts.fixedPrice ? 1 : 0],
        ['price_view', parts.members.length % 2],
        ['shipment_type', 0],
      ];
    case 'downloadable':
      return [
        ['links_purchased_separately', parts.linksSoldSeparately ? 1 : 0],
        ['links_title', 'Downloads'],
        ['samples_title', 'Previews'],
        ['links_exist', 1],
      ];
    case 'variant':
      return [
        ['color', parts.color],
        ['size', parts.size],
      ];
    case 'giftcard':
      return [
        ['giftcard_type', 0],
        ['allow_open_amount', 1],
        ['open_amount_min', 10],
        ['open_amount_max', 500],
        ['use_config_is_redeemable', 1],
        ['use_config_lifetime', 1],
        ['use_config_email_template', 1],
        ['use_config_allow_message', 1],
      ];
    case 'none':
    case 'grouped':
    case 'configurable':
      return type === 'virtual' ? [['gift_message_available', '0']] : [];
  }
}

function userValues({ attributes, settings }: Catalog, product: Product, random: Random): Value[] {
  const { complete } = product;
  const ids = (code: string, count: number): string =>
    random
      .some(attributes.optionsOf(code), count)
      .map(({ id }) => id)
      .reverse()
      .join(',');
  const rows: [probability: number, value: () => Value][] = [
    [0.6, () => ['manufacturer', random.pick(attributes.optionsOf('manufacturer')).id]],
    [0.4, () => ['material', ids('material', random.whole(1, 3))]],
    [0.2, () => ['season', ids('season', random.whole(1, 2))]],
    [0.3, () => ['organic', random.whole(0, 1)]],
    // One in thirty holds an option that is gone.
    [
      0.1,
      () => ['finish', random.chance(0.03) ? 9999 : random.pick(attributes.optionsOf('finish')).id],
    ],
    [0.3, () => ['cost', cents((product.price ?? 10) * 0.4)]],
    [0.1, () => ['care_notes', sentence(random)]],
    [0.2, () => ['style_name', `Style, “${random.whole(1, 99)}”`]],
    [0.3, () => ['ean', String(4_000_000_000_000 + product.entityId)]],
    [
      0.1,
      () => [
        'released',
        timestamp(daysAfter(settings.now, -random.whole(1, 900))).slice(0, 10) + ' 00:00:00',
      ],
    ],
    [0.05, () => ['available_at', timestamp(daysAfter(settings.now, random.whole(-9, 9)))]],
    [0.1, () => ['base_unit_price', random.whole(1, 1000) / 8]],
    [0.1, () => ['net_weight', random.whole(1, 100) / 10]],
    [0.1, () => ['length_cm', 11.125]],
    [0.2, () => ['warranty_months', random.pick([12, 24, 36])]],
    [0.03, () => ['detail_image', 'no_selection']],
    [0.03, () => ['internal_note', '']],
    [0.03, () => ['local_name', null]],
    [0.02, () => ['unassigned_text', 'whatever']],
    [0.005, () => ['country_of_manufacture', 'DE']],
    [0.02, () => ['msrp', cents((product.price ?? 10) * 1.3)]],
  ];
  return rows
    .filter(([probability]) => complete || random.chance(probability))
    .map(([, value]) => value());
}

/** Texts, prices, empty and NULL rows of single store views. */
function storeValues(
  { scopes }: Catalog,
  product: Product,
  random: Random,
  write: (code: string, storeId: number, value: SqlValue) => void,
): void {
  for (const { storeId, name, urlKey, enabled, visibility } of product.overrides) {
    if (name !== undefined) write('name', storeId, name);
    if (urlKey !== undefined) write('url_key', storeId, urlKey);
    if (enabled !== undefined) write('status', storeId, enabled ? 1 : 2);
    if (visibility !== undefined) write('visibility', storeId, visibility);
    if (name !== undefined) write('description', storeId, paragraph(random, 2));
  }
  for (const { id: storeId, websiteId } of scopes.storeViews) {
    const draw = random.next();
    if (product.complete || draw < 0.01) write('short_description', storeId, null);
    else if (draw < 0.02) write('short_description', storeId, '');
    if (product.complete || (draw > 0.02 && draw < 0.03)) {
      write('image', storeId, product.images.at(-1) ?? 'no_selection');
      write('style_name', storeId, `Store ${storeId}`);
    }
    if (draw > 0.035 && draw < 0.04) write('tax_class_id', storeId, 4);
    if (websiteId > 1 && product.price !== null && product.entityId % 20 === 1) {
      write('price', storeId, cents(product.price * 0.9));
      write('special_price', storeId, cents(product.price * 0.7));
    } else if (draw > 0.03 && draw < 0.035) {
      write('special_price', storeId, null);
    }
  }
}

function maybe<T, R>(value: T | null, use: (value: T) => R[]): R[] {
  return value === null ? [] : use(value);
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
