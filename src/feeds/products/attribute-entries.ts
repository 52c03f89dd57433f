import type { Attribute, Attributes } from '../../commerce/attributes.js';
import type { AttributeOption, AttributeOptions } from './attribute-options.js';
import type { AttributeEntry } from './contract.js';
import type { ProductValues } from './values.js';

const BOOLEAN_SOURCE = 'Magento\\Eav\\Model\\Entity\\Attribute\\Source\\Boolean';
const BOOLEAN_LABELS = new Map<string, string>([
  ['0', 'no'],
  ['1', 'yes'],
]);

/** An attribute of `attributes[]`, and its place there. */
interface Listed {
  readonly id: number;
  readonly code: string;
  readonly place: number;
  readonly boolean: boolean;
  readonly options: ReadonlyMap<number, AttributeOption> | undefined;
}

/**
 * The attributes that `attributes[]` may list: the user-defined ones, whatever attribute set they
 * are in, and two system attributes.
 */
export function listedAttributes(attributes: Attributes): Attribute[] {
  return attributes.all.filter(
    ({ code, userDefined, valueType }) =>
      valueType !== undefined &&
      (userDefined || code === 'news_from_date' || code === 'news_to_date'),
  );
}

/** Makes `attributes[]` of products. */
export class AttributeEntries {
  readonly #listed: ReadonlyMap<number, Listed>;

  constructor(attributes: Attributes, options: AttributeOptions) {
    this.#listed = new Map(
      inOrder(listedAttributes(attributes)).map(({ id, code, sourceModel }, place) => [
        id,
        { id, code, place, boolean: sourceModel === BOOLEAN_SOURCE, options: options.get(id) },
      ]),
    );
  }

  /** The attributes that have a row for the default scope or the store view. */
  of(values: ProductValues, storeId: number): AttributeEntry[] {
    return this.#present(values, storeId).map((listed) => {
      const value = values.get(listed.id, storeId) ?? null;
      return value === null
        ? { attributeCode: listed.code }
        : { attributeCode: listed.code, value: texts(listed, value, storeId) };
    });
  }

  #present(values: ProductValues, storeId: number): Listed[] {
    const present: Listed[] = [];
    for (const id of values.baseAttributes()) {
      const listed = this.#listed.get(id);
      if (listed !== undefined) present.push(listed);
    }
    for (const id of values.ownAttributes(storeId) ?? []) {
      const listed = this.#listed.get(id);
      if (listed !== undefined && !values.inBase(id)) present.push(listed);
    }
    return present.sort((a, b) => a.place - b.place);
  }
}

/**
 * The reference exporter's order: value tables by the first code they hold, and within a table by
 * attribute id.
 */
function inOrder(attributes: readonly Attribute[]): Attribute[] {
  const firstCodes = new Map<string, string>();
  for (const { valueType, code } of attributes) {
    if (valueType === undefined) continue;
    const first = firstCodes.get(valueType);
    if (first === undefined || code < first) firstCodes.set(valueType, code);
  }
  const tableKey = ({ valueType }: Attribute): string => firstCodes.get(valueType ?? '') ?? '';
  return attributes.toSorted((a, b) => {
    const [keyA, keyB] = [tableKey(a), tableKey(b)];
    return keyA < keyB ? -1 : keyA > keyB ? 1 : a.id - b.id;
  });
}

/**
 * Whether the attribute's value table has its place in the order because of this code, which the
 * attribute has or had: then the entries of all products may be in another order than before.
 */
export function leadsItsTable(attributes: Attributes, attributeId: number, code: string): boolean {
  const attribute = attributes.all.find(({ id }) => id === attributeId);
  if (attribute?.valueType === undefined) return false;
  return listedAttributes(attributes).every(
    ({ id, code: other, valueType }) =>
      id === attributeId || valueType !== attribute.valueType || code <= other,
  );
}

function texts({ boolean, options }: Listed, value: string | number, storeId: number): string[] {
  if (boolean) {
    const text = String(value);
    return [BOOLEAN_LABELS.get(text) ?? text];
  }
  if (options === undefined) return [String(value)];
  if (typeof value === 'number') return [label(options, value, storeId) ?? String(value)];
  return value.split(',').map((part) => {
    const id = Number(part);
    return (String(id) === part ? label(options, id, storeId) : undefined) ?? part;
  });
}

function label(
  options: ReadonlyMap<number, AttributeOption>,
  id: number,
  storeId: number,
): string | undefined {
  return options.get(id)?.labels.get(storeId);
}
