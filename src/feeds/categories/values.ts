/** The attributes of categories that the feed reads. */
export const CATEGORY_ATTRIBUTES = [
  'is_active',
  'is_anchor',
  'display_mode',
  'meta_title',
  'meta_keywords',
  'meta_description',
  'name',
  'description',
  'url_key',
  'default_sort_by',
  'available_sort_by',
  'image',
  'include_in_menu',
] as const;

export type CategoryAttribute = (typeof CATEGORY_ATTRIBUTES)[number];

export type Value = string | number | null;

/** The rows of a category in one store; an attribute without a row has no key. */
export type StoreValues = Partial<Record<CategoryAttribute, Value>>;

/** Attribute values of categories, by category and store (0: the default values). */
export class CategoryValues {
  readonly #categories = new Map<number, Map<number, StoreValues>>();

  add(categoryId: number, storeId: number, code: CategoryAttribute, value: Value): void {
    let stores = this.#categories.get(categoryId);
    if (stores === undefined) {
      stores = new Map<number, StoreValues>();
      this.#categories.set(categoryId, stores);
    }
    const values = stores.get(storeId);
    if (values === undefined) stores.set(storeId, { [code]: value });
    else values[code] = value;
  }

  /** The values in force for a store view. */
  in(categoryId: number, storeId: number): ScopedValues {
    const stores = this.#categories.get(categoryId);
    return { own: stores?.get(storeId), base: stores?.get(0) };
  }
}

/** The rows of a store view over the default ones. */
export interface ScopedValues {
  readonly own: StoreValues | undefined;
  readonly base: StoreValues | undefined;
}

/** A row of the store view counts even when its value is null; else the default row's counts. */
export function valueOf({ own, base }: ScopedValues, code: CategoryAttribute): Value {
  const value = own?.[code];
  return value === undefined ? (base?.[code] ?? null) : value;
}

/** A value of the store view counts unless it is null. */
export function valueOrDefault({ own, base }: ScopedValues, code: CategoryAttribute): Value {
  return own?.[code] ?? base?.[code] ?? null;
}

export function textOf(value: Value): string | null {
  return value === null ? null : String(value);
}

/** The integer a text starts with, 0 where there is none. */
export function integerOf(value: Value): number | null {
  if (value === null) return null;
  const integer = Number.parseInt(String(value), 10);
  return Number.isNaN(integer) ? 0 : integer;
}
