import type { Catalog } from '../catalog.js';
import type { CategoryTree } from '../categories/category-tree.js';
import { daysAfter, timestamp } from '../dates.js';
import type { Version } from '../versions.js';
import { makeProducts } from './make-products.js';
import type { ProductPool } from './pool.js';
import type { Product, ProductType } from './product.js';
import { bundleWriter, configurableWriter, downloadWriter } from './write-composites.js';
import { giftCardWriter } from './write-gift-cards.js';
import { linkWriter, writeLinkTypes } from './write-links.js';
import { mediaWriter } from './write-media.js';
import { customOptionWriter } from './write-options.js';
import { permissionIndexWriter } from './write-permissions.js';
import { placementWriter } from './write-placement.js';
import { rulePriceWriter, tierPriceWriter, writeRules } from './write-prices.js';
import { stockWriter } from './write-stock.js';
import { urlWriter } from './write-urls.js';
import { productValueWriter } from './write-values.js';

export type ProductCounts = Partial<Record<ProductType, number>>;

/**
 * Writes all products and what hangs on them, in order of id and with bounded memory.
 *
 * @param written is called after every product with the number so far, and awaited.
 */
export async function writeProducts(
  catalog: Catalog,
  tree: CategoryTree,
  pool: ProductPool,
  written: (count: number) => Promise<void> | undefined,
): Promise<ProductCounts> {
  const { writer } = catalog;
  writeLinkTypes(writer);
  writeRules(catalog);
  const writeEntity = entityWriter(catalog);
  const perVersion: ((product: Product, version: Version) => void)[] = [
    productValueWriter(catalog),
    mediaWriter(catalog),
    tierPriceWriter(catalog),
    customOptionWriter(catalog),
    configurableWriter(catalog),
    downloadWriter(catalog),
    linkWriter(catalog, pool),
    giftCardWriter(catalog),
  ];
  const perProduct: ((product: Product) => void)[] = [
    bundleWriter(catalog),
    placementWriter(catalog, tree),
    urlWriter(catalog, tree),
    stockWriter(catalog),
    rulePriceWriter(catalog),
    permissionIndexWriter(catalog, tree),
  ];

  const counts: ProductCounts = {};
  let count = 0;
  for (const product of makeProducts(catalog, tree, pool)) {
    for (const version of product.versions) {
      writeEntity(product, version);
      for (const write of perVersion) write(product, version);
    }
    for (const write of perProduct) write(product);
    counts[product.type] = (counts[product.type] ?? 0) + 1;
    count += 1;
    await written(count);
  }
  // The id of a product that was deleted.
  if (catalog.settings.edition === 'commerce') {
    writer.table('sequence_product', ['sequence_value']).add(count + 1);
  }
  return counts;
}

function entityWriter({ writer, settings }: Catalog): (product: Product, version: Version) => void {
  const staged = settings.edition === 'commerce';
  const sequence = staged ? writer.table('sequence_product', ['sequence_value']) : undefined;
  const entity = writer.table('catalog_product_entity', [
    ...(staged ? ['row_id', 'created_in', 'updated_in'] : []),
    'entity_id',
    'attribute_set_id',
    'type_id',
    'sku',
    'has_options',
    'required_options',
    'created_at',
    'updated_at',
  ]);
  return (product, version) => {
    const { entityId, parts } = product;
    if (version === product.versions[0]) sequence?.add(entityId);
    const composite = parts.kind === 'configurable' || parts.kind === 'bundle';
    entity.add(
      ...(staged ? [version.rowId, version.createdIn, version.updatedIn] : []),
      entityId,
      product.attributeSetId,
      product.type,
      product.sku,
      product.hasOptions || composite ? 1 : 0,
      composite ? 1 : 0,
      timestamp(daysAfter(settings.now, -30 - (entityId % 365))),
      timestamp(daysAfter(settings.now, -(entityId % 29))),
    );
  };
}
