import type { BulkWriter } from '../bulk-writer.js';
import { randomFor, type Catalog } from '../catalog.js';
import type { Version } from '../versions.js';
import type { ProductPool } from './pool.js';
import type { Product } from './product.js';

/** Ids that Commerce installs. */
const linkTypes = { related: 1, grouped: 3, upsell: 4, crosssell: 5 } as const;
const positions = { related: 1, upsell: 2, crosssell: 3, grouped: 4 } as const;
const quantityId = 5;

export function writeLinkTypes(writer: BulkWriter): void {
  const type = writer.table('catalog_product_link_type', ['link_type_id', 'code']);
  type.add(linkTypes.related, 'relation');
  type.add(linkTypes.grouped, 'super');
  type.add(linkTypes.upsell, 'up_sell');
  type.add(linkTypes.crosssell, 'cross_sell');
  const attribute = writer.table('catalog_product_link_attribute', [
    'product_link_attribute_id',
    'link_type_id',
    'product_link_attribute_code',
    'data_type',
  ]);
  for (const kind of ['related', 'upsell', 'crosssell', 'grouped'] as const) {
    attribute.add(positions[kind], linkTypes[kind], 'position', 'int');
  }
  attribute.add(quantityId, linkTypes.grouped, 'qty', 'decimal');
}

/** The members of grouped products; related, up-sell and cross-sell links of one product in five. */
export function linkWriter(
  catalog: Catalog,
  pool: ProductPool,
): (product: Product, version: Version) => void {
  const { writer } = catalog;
  const link = writer.table('catalog_product_link', [
    'link_id',
    'product_id',
    'linked_product_id',
    'link_type_id',
  ]);
  const position = writer.table('catalog_product_link_attribute_int', [
    'product_link_attribute_id',
    'link_id',
    'value',
  ]);
  const quantity = writer.table('catalog_product_link_attribute_decimal', [
    'product_link_attribute_id',
    'link_id',
    'value',
  ]);

  return (product, { rowId }) => {
    const random = randomFor(catalog, 'links', product.entityId);
    if (product.parts.kind === 'grouped') {
      for (const [at, member] of product.parts.members.entries()) {
        const id = add('grouped', rowId, member.entityId, product.parts.members.length - at);
        // A member without a quantity, as an import may leave it.
        if (!random.chance(0.1)) quantity.add(quantityId, id, random.pick([0, 1, 2, 2.5]));
      }
    }
    if (product.visibility === 1 || (!product.complete && !random.chance(0.2))) return;
    for (const kind of ['related', 'upsell', 'crosssell'] as const) {
      for (const [at, other] of pool.visible(random, random.whole(0, 3)).entries()) {
        if (other.entityId !== product.entityId) add(kind, rowId, other.entityId, at + 1);
      }
    }
  };

  function add(kind: keyof typeof positions, rowId: number, otherId: number, at: number): number {
    const id = link.nextId();
    link.add(id, rowId, otherId, linkTypes[kind]);
    position.add(positions[kind], id, at);
    return id;
  }
}
