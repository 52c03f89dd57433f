import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import type { AttributeOption, AttributeOptions } from './attribute-options.js';
import type { Configurable, ConfigurableChild } from './configurables.js';
import type { Option, OptionValue } from './contract-options.js';
import { orNull, within } from './grouping.js';
import { base64, optionValue } from './option-values.js';
import { setScoped, type Scoped } from './scoped.js';

const COLOR = 1;
const IMAGE = 2;
const TEXT = 0;
const DISABLED = 2;

/** How product attributes are shown when they configure a product. */
export interface AttributeFaces {
  /** Labels of store views by attribute id. */
  readonly labels: ReadonlyMap<number, Scoped<string>>;
  /** JSON of the swatch settings by attribute id. */
  readonly swatchTypes: ReadonlyMap<number, string>;
}

/** Two queries. Several labels for one store view are possible: the last one wins. */
export async function readAttributeFaces(read: Read, shop: Shop): Promise<AttributeFaces> {
  const labels = new Map<number, Scoped<string>>();
  const labelRows = await read.rows<[number, number, string]>(`
    SELECT l.attribute_id, l.store_id, l.value
    FROM ${shop.t('eav_attribute_label')} l
    WHERE l.value IS NOT NULL
    ORDER BY l.attribute_label_id`);
  for (const [attributeId, storeId, label] of labelRows) {
    setScoped(labels, attributeId, storeId, label);
  }
  const swatchTypes = await read.rows<[number, string]>(`
    SELECT c.attribute_id, c.additional_data
    FROM ${shop.t('catalog_eav_attribute')} c
    WHERE c.additional_data IS NOT NULL`);
  return { labels, swatchTypes: new Map(swatchTypes) };
}

/** Makes the options of configurable products. Values of options are made once for a store view. */
export class ConfigurableOptions {
  readonly #options: AttributeOptions;
  readonly #faces: AttributeFaces;
  /** Base media URL of the default scope, which images of swatches have in all store views. */
  readonly #mediaUrl: string;
  readonly #attributes: ReadonlyMap<
    number,
    { readonly code: string; readonly label: string | null }
  >;
  readonly #values = new Map<number, Map<AttributeOption, OptionValue>>();

  constructor(shop: Shop, options: AttributeOptions, faces: AttributeFaces, mediaUrl: string) {
    this.#options = options;
    this.#faces = faces;
    this.#mediaUrl = mediaUrl;
    this.#attributes = new Map(
      shop.productAttributes.all.map(({ id, code, frontendLabel }) => [
        id,
        { code, label: frontendLabel },
      ]),
    );
  }

  of({ attributes, children }: Configurable, storeId: number): Option[] {
    const enabled = children.filter((child) => isEnabled(child, storeId));
    return attributes.flatMap(({ attributeId, position }): Option | [] => {
      const attribute = this.#attributes.get(attributeId);
      if (attribute === undefined) return [];
      const label = this.#faces.labels.get(attributeId)?.own(storeId) ?? attribute.label;
      const swatchType = this.#faces.swatchTypes.get(attributeId);
      const options = this.#options.get(attributeId);
      return {
        id: attribute.code,
        ...(label === null ? {} : { label }),
        sortOrder: position,
        type: 'configurable',
        ...(swatchType === undefined ? {} : { swatchType }),
        ...(options === undefined
          ? {}
          : { values: this.#valuesOf(attributeId, options, enabled, storeId) }),
      };
    });
  }

  /**
   * The options that a child uses, by id and not by position; null when none is used. Those with a
   * swatch of the store view's own come first, as in the reference exporter's payloads.
   */
  #valuesOf(
    attributeId: number,
    options: ReadonlyMap<number, AttributeOption>,
    children: readonly ConfigurableChild[],
    storeId: number,
  ): OptionValue[] | null {
    const used = new Set<AttributeOption>();
    for (const { choices } of children) {
      const option = options.get(choices.get(attributeId) ?? 0);
      if (option !== undefined) used.add(option);
    }
    const later = ({ swatches }: AttributeOption): number =>
      swatches?.own(storeId) === undefined ? 1 : 0;
    const values = [...used]
      .sort((a, b) => later(a) - later(b) || a.id - b.id)
      .map((option) => this.#value(attributeId, option, storeId));
    return orNull(values);
  }

  #value(attributeId: number, option: AttributeOption, storeId: number): OptionValue {
    const values = within(this.#values, storeId);
    let value = values.get(option);
    if (value === undefined) {
      const swatch = option.swatches?.get(storeId);
      value = optionValue({
        id: base64(`configurable/${attributeId}/${option.id}`),
        label: option.labels.get(storeId) ?? null,
        sortOrder: option.sortOrder,
        colorHex: swatch?.type === COLOR ? swatch.value : null,
        imageUrl:
          swatch?.type === IMAGE ? `${this.#mediaUrl}attribute/swatch${swatch.value}` : null,
        customSwatchValue:
          swatch !== undefined && ![TEXT, COLOR, IMAGE].includes(swatch.type) ? swatch.value : null,
      });
      values.set(option, value);
    }
    return value;
  }
}

/** Without a status, or with an empty one, a child does not count. */
function isEnabled({ status }: ConfigurableChild, storeId: number): boolean {
  const own = status.own(storeId);
  const value = own === undefined ? status.base : own;
  return value !== undefined && value !== null && value !== DISABLED;
}
