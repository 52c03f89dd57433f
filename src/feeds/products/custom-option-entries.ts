import { leadingNumber } from './casts.js';
import type { Option, OptionValue, ShopperInputOption } from './contract-options.js';
import type { CustomOption, CustomOptionPrice, CustomOptionValue } from './custom-options.js';
import { base64, optionValue } from './option-values.js';
import type { Scoped } from './scoped.js';

const SELECTED = new Set(['drop_down', 'radio', 'checkbox', 'multiple']);
const ENTERED = new Set(['field', 'area', 'file', 'date', 'time', 'date_time']);

/** The first option that can be chosen from and yet offers nothing: its product is broken. */
export function optionWithoutValues(options: readonly CustomOption[]): CustomOption | undefined {
  return options.find(({ type, values }) => SELECTED.has(type) && values.length === 0);
}

/** The custom options a shopper chooses from. Values are ordered by id, not by position. */
export function selectableOptions(options: readonly CustomOption[], storeId: number): Option[] {
  return options
    .filter(({ type }) => SELECTED.has(type))
    .map((option) => ({
      id: String(option.id),
      ...labelOf(option.titles, storeId),
      sortOrder: option.sortOrder,
      required: option.required,
      renderType: option.type,
      type: 'custom_option',
      values: option.values.map((value) => selectable(option.id, value, storeId)),
    }));
}

/** The custom options a shopper fills in. The type of their price is not exported. */
export function shopperInputOptions(
  options: readonly CustomOption[],
  storeId: number,
): ShopperInputOption[] {
  return options
    .filter(({ type }) => ENTERED.has(type))
    .map((option) => {
      const price = priceOf(option.titles, option.prices, storeId);
      return {
        id: base64(`custom-option/${option.id}`),
        ...labelOf(option.titles, storeId),
        sortOrder: option.sortOrder,
        required: option.required,
        renderType: option.type,
        ...(price === undefined ? {} : { price: leadingNumber(price.amount) }),
        ...(option.fileExtension === null ? {} : { fileExtension: option.fileExtension }),
        ...(option.sku === null ? {} : { sku: option.sku }),
        range: { from: null, to: option.maxCharacters },
        ...(option.imageSizeX === null ? {} : { imageSizeX: option.imageSizeX }),
        ...(option.imageSizeY === null ? {} : { imageSizeY: option.imageSizeY }),
      };
    });
}

function selectable(optionId: number, value: CustomOptionValue, storeId: number): OptionValue {
  const price = priceOf(value.titles, value.prices, storeId);
  return optionValue({
    id: base64(`custom-option/${optionId}/${value.id}`),
    label: value.titles.get(storeId) ?? null,
    sortOrder: value.sortOrder,
    isDefault: false,
    sku: value.sku,
    price: price === undefined ? null : leadingNumber(price.amount),
    priceType: price?.type ?? null,
  });
}

/** Custom options: a store view's price counts only beside a title of that store view. */
function priceOf(
  titles: Scoped<string | null>,
  prices: Scoped<CustomOptionPrice> | undefined,
  storeId: number,
): CustomOptionPrice | undefined {
  return titles.own(storeId) === undefined ? prices?.base : prices?.get(storeId);
}

function labelOf(titles: Scoped<string | null>, storeId: number): { label?: string } {
  const label = titles.get(storeId) ?? null;
  return label === null ? {} : { label };
}
