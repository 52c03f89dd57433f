import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import { Scoped } from './scoped.js';

export interface Swatch {
  /** 0 text, 1 colour, 2 image, 3 none. */
  readonly type: number;
  readonly value: string;
}

/** An option of a select, multiselect or swatch attribute. */
export class AttributeOption {
  readonly id: number;
  readonly sortOrder: number;
  readonly labels = new Scoped<string>();
  swatches: Scoped<Swatch> | undefined;

  constructor(id: number, sortOrder: number) {
    this.id = id;
    this.sortOrder = sortOrder;
  }
}

/** The options of attributes, by attribute id and option id. */
export type AttributeOptions = ReadonlyMap<number, ReadonlyMap<number, AttributeOption>>;

/**
 * All options of product attributes with labels and swatches: three queries. Where several rows
 * label an option for one store view, the last one wins; NULL counts as missing.
 */
export async function readAttributeOptions(read: Read, shop: Shop): Promise<AttributeOptions> {
  const options = new Map<number, AttributeOption>();
  const byAttribute = new Map<number, Map<number, AttributeOption>>();
  const ofProducts = `JOIN ${shop.t('eav_attribute')} a ON a.attribute_id = o.attribute_id
    JOIN ${shop.t('eav_entity_type')} y ON y.entity_type_id = a.entity_type_id
      AND y.entity_type_code = 'catalog_product'`;

  const optionRows = await read.rows<[number, number, number]>(`
    SELECT o.attribute_id, o.option_id, o.sort_order
    FROM ${shop.t('eav_attribute_option')} o ${ofProducts}
    ORDER BY o.option_id`);
  for (const [attributeId, optionId, sortOrder] of optionRows) {
    const option = new AttributeOption(optionId, sortOrder);
    options.set(optionId, option);
    const known = byAttribute.get(attributeId);
    if (known === undefined) byAttribute.set(attributeId, new Map([[optionId, option]]));
    else known.set(optionId, option);
  }

  const labels = await read.rows<[number, number, string]>(`
    SELECT l.option_id, l.store_id, l.value
    FROM ${shop.t('eav_attribute_option_value')} l
    WHERE l.value IS NOT NULL
    ORDER BY l.value_id`);
  for (const [optionId, storeId, label] of labels) {
    options.get(optionId)?.labels.set(storeId, label);
  }

  if (shop.hasTable('eav_attribute_option_swatch')) {
    const swatches = await read.rows<[number, number, number, string]>(`
      SELECT s.option_id, s.store_id, s.type, s.value
      FROM ${shop.t('eav_attribute_option_swatch')} s
      WHERE s.value IS NOT NULL`);
    for (const [optionId, storeId, type, value] of swatches) {
      const option = options.get(optionId);
      if (option === undefined) continue;
      (option.swatches ??= new Scoped<Swatch>()).set(storeId, { type, value });
    }
  }
  return byAttribute;
}
