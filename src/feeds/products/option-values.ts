import type { OptionValue } from './contract-options.js';

/** A value of an option with the keys that are set; the others are null, in a fixed order. */
export function optionValue(
  set: Partial<OptionValue> & Pick<OptionValue, 'id' | 'sortOrder'>,
): OptionValue {
  return {
    id: set.id,
    label: set.label ?? null,
    sortOrder: set.sortOrder,
    isDefault: set.isDefault ?? null,
    colorHex: set.colorHex ?? null,
    imageUrl: set.imageUrl ?? null,
    customSwatchValue: set.customSwatchValue ?? null,
    qtyMutability: set.qtyMutability ?? null,
    qty: set.qty ?? null,
    infoUrl: set.infoUrl ?? null,
    sku: set.sku ?? null,
    price: set.price ?? null,
    priceType: set.priceType ?? null,
  };
}

/** Standard base64 with padding, of ids like `bundle/1/2/3`. */
export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
