import { isDeepStrictEqual } from 'node:util';

export type Item = Record<string, unknown>;

/** A field in which an item is not the reference's. */
export interface FieldDifference {
  /** E.g. `optionsV2[].label`; `tierPrices[].length` where lists are not equally long. */
  readonly path: string;
  /** Undefined where the field is absent; the whole lists at `….length`. */
  readonly reference: unknown;
  readonly ours: unknown;
  /** The reference's object that has, or lacks, the field. */
  readonly owner: Item;
  /** Our item. */
  readonly item: Item;
}

/** All differences between two items, field by field; of lists of unequal length one. */
export function fieldDifferences(reference: Item, ours: Item): FieldDifference[] {
  return [...differences({ path: '', reference, ours, owner: reference, item: ours })];
}

function* differences(at: FieldDifference): Generator<FieldDifference> {
  const { path, reference, ours, item } = at;
  if (isDeepStrictEqual(reference, ours)) return;
  if (Array.isArray(reference) && Array.isArray(ours)) {
    if (reference.length !== ours.length) {
      yield { ...at, path: `${path}[].length` };
      return;
    }
    for (const [index, entry] of reference.entries()) {
      yield* differences({ ...at, path: `${path}[]`, reference: entry, ours: ours[index] });
    }
  } else if (isObject(reference) && isObject(ours)) {
    for (const key of new Set([...Object.keys(reference), ...Object.keys(ours)])) {
      yield* differences({
        path: path === '' ? key : `${path}.${key}`,
        reference: reference[key],
        ours: ours[key],
        owner: reference,
        item,
      });
    }
  } else {
    yield at;
  }
}

function isObject(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
