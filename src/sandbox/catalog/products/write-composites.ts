import { randomFor, type Catalog } from '../catalog.js';
import type { Version } from '../versions.js';
import type { Member, Product } from './product.js';

/** Relations of every composite product, and what configurable ones add to them. */
export function configurableWriter({ writer, attributes, scopes }: Catalog) {
  const relation = writer.table('catalog_product_relation', ['parent_id', 'child_id']);
  const attribute = writer.table('catalog_product_super_attribute', [
    'product_super_attribute_id',
    'product_id',
    'attribute_id',
    'position',
  ]);
  const label = writer.table('catalog_product_super_attribute_label', [
    'product_super_attribute_id',
    'store_id',
    'use_default',
    'value',
  ]);
  const link = writer.table('catalog_product_super_link', ['product_id', 'parent_id']);
  const last = scopes.storeViews.at(-1)?.id ?? 1;

  return ({ parts }: Product, { rowId }: Version): void => {
    for (const { entityId } of membersOf(parts)) relation.add(rowId, entityId);
    if (parts.kind !== 'configurable') return;
    for (const [position, code] of ['size', 'color'].entries()) {
      const id = attribute.nextId();
      attribute.add(id, rowId, attributes.product(code).id, position);
      label.add(id, 0, 0, code);
      if (position === 0) label.add(id, last, 1, `${code} (${last})`);
    }
    for (const { entityId } of parts.children) link.add(entityId, rowId);
  };
}

function membersOf(parts: Product['parts']): readonly Member[] {
  switch (parts.kind) {
    case 'configurable':
      return parts.children;
    case 'grouped':
    case 'bundle':
      return parts.members;
    case 'none':
    case 'variant':
    case 'downloadable':
    case 'giftcard':
      return [];
  }
}

const optionTypes = ['select', 'radio', 'checkbox', 'multi'] as const;

/** Bundle options with two selections each. Versions of a bundle share the ids of both. */
export function bundleWriter(catalog: Catalog): (product: Product) => void {
  const { writer, scopes, settings } = catalog;
  const staged = settings.edition === 'commerce';
  const option = writer.table('catalog_product_bundle_option', [
    'option_id',
    'parent_id',
    'required',
    'position',
    'type',
  ]);
  const title = writer.table('catalog_product_bundle_option_value', [
    'option_id',
    'store_id',
    'title',
    'parent_product_id',
  ]);
  const selection = writer.table('catalog_product_bundle_selection', [
    'selection_id',
    'option_id',
    'parent_product_id',
    'product_id',
    'position',
    'is_default',
    'selection_price_type',
    'selection_price_value',
    'selection_qty',
    'selection_can_change_qty',
  ]);
  const websitePrice = writer.table('catalog_product_bundle_selection_price', [
    'selection_id',
    'website_id',
    'selection_price_type',
    'selection_price_value',
    'parent_product_id',
  ]);
  const lastStore = scopes.storeViews.at(-1)?.id ?? 1;
  const lastWebsite = scopes.websites.at(-1)?.id ?? 1;

  return ({ entityId, parts, versions }) => {
    if (parts.kind !== 'bundle') return;
    const random = randomFor(catalog, 'bundle', entityId);
    for (let at = 0; at * 2 < parts.members.length; at += 1) {
      const optionId = option.nextId();
      const type = optionTypes[at % optionTypes.length] ?? 'select';
      const required = random.whole(0, 1);
      if (staged) writer.table('sequence_product_bundle_option', ['sequence_value']).add(optionId);
      for (const { rowId } of versions) {
        option.add(optionId, rowId, required, at + 1, type);
        title.add(optionId, 0, `Part ${at + 1}`, rowId);
        if (at === 0) title.add(optionId, lastStore, `Teil ${at + 1}`, rowId);
      }
      for (const [position, member] of parts.members.slice(at * 2, at * 2 + 2).entries()) {
        const id = selection.nextId();
        const quantity = random.pick([1, 1, 2, 1.5]);
        const value = parts.fixedPrice ? member.price : 0;
        const percent = parts.fixedPrice && random.chance(0.3);
        if (staged) writer.table('sequence_product_bundle_selection', ['sequence_value']).add(id);
        for (const { rowId } of versions) {
          selection.add(
            id,
            optionId,
            rowId,
            member.entityId,
            position + 1,
            position === 0 ? 1 : 0,
            percent ? 1 : 0,
            percent ? 15 : value,
            quantity,
            position,
          );
          if (parts.fixedPrice && position === 1) {
            websitePrice.add(id, lastWebsite, 0, Math.round(value * 90) / 100, rowId);
          }
        }
      }
    }
  };
}

/** Downloadable links and samples, with titles and prices of their own in some scopes. */
export function downloadWriter(catalog: Catalog): (product: Product, version: Version) => void {
  const { writer, scopes } = catalog;
  const link = writer.table('downloadable_link', [
    'link_id',
    'product_id',
    'sort_order',
    'number_of_downloads',
    'is_shareable',
    'link_url',
    'link_file',
    'link_type',
    'sample_url',
    'sample_file',
    'sample_type',
  ]);
  const linkTitle = writer.table('downloadable_link_title', ['link_id', 'store_id', 'title']);
  const price = writer.table('downloadable_link_price', ['link_id', 'website_id', 'price']);
  const sample = writer.table('downloadable_sample', [
    'sample_id',
    'product_id',
    'sample_url',
    'sample_file',
    'sample_type',
    'sort_order',
  ]);
  const sampleTitle = writer.table('downloadable_sample_title', ['sample_id', 'store_id', 'title']);
  const lastStore = scopes.storeViews.at(-1)?.id ?? 1;
  const lastWebsite = scopes.websites.at(-1)?.id ?? 1;

  return ({ entityId, parts }, { rowId }) => {
    if (parts.kind !== 'downloadable') return;
    const random = randomFor(catalog, 'downloads', entityId);
    const count = random.whole(1, 3);
    for (let at = 0; at < count; at += 1) {
      const id = link.nextId();
      const file = `/d/o/part_${entityId}_${at + 1}.pdf`;
      const hasSample = random.chance(0.5);
      link.add(
        id,
        rowId,
        count - at,
        random.pick([null, 0, 5]),
        2,
        at === 1 ? `https://files.example.com${file}` : null,
        at === 1 ? null : file,
        at === 1 ? 'url' : 'file',
        null,
        hasSample ? file : null,
        hasSample ? 'file' : null,
      );
      linkTitle.add(id, 0, `Part ${at + 1}`);
      if (random.chance(0.4)) linkTitle.add(id, lastStore, `Teil ${at + 1}`);
      price.add(id, 0, parts.linksSoldSeparately ? 2.5 + at : 0);
      if (lastWebsite > 1 && random.chance(0.3)) price.add(id, lastWebsite, 3);
    }
    for (let at = 0; at < count - 1; at += 1) {
      const id = sample.nextId();
      sample.add(id, rowId, null, `/d/o/sample_${entityId}_${at + 1}.pdf`, 'file', at + 1);
      sampleTitle.add(id, 0, `Sample ${at + 1}`);
      if (at === 0) sampleTitle.add(id, lastStore, 'Probe 1');
    }
  };
}
