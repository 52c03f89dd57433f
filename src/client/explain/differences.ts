import { fieldDifferences } from '../../sandbox/parity/field-differences.js';

type Fields = Readonly<Record<string, unknown>>;

/** A field that is not the same everywhere; absent where a side has no such field. */
export interface ThreeWayDifference {
  /** E.g. `optionsV2[].label`. */
  readonly path: string;
  readonly now?: unknown;
  readonly sent?: unknown;
  readonly service?: unknown;
}

/**
 * Field by field: the item as it would be sent, what is kept of the one that was sent (only fields
 * that are kept count, or all of an item that is kept whole), and what the service holds. `ignored` are stamps and fields that do not
 * count when content is compared.
 */
export function threeWayDifferences(
  sides: {
    readonly now: Fields | undefined;
    readonly sent: Fields | undefined;
    readonly service: Fields | undefined;
    /** The whole item is kept of what was sent, so that a field it lacks counts too. */
    readonly sentIsWhole?: boolean;
  },
  ignored: readonly string[],
): ThreeWayDifference[] {
  const { now, sent, service } = sides;
  const found = new Map<
    string,
    { path: string; now?: unknown; sent?: unknown; service?: unknown }
  >();
  const at = (path: string) => {
    const known = found.get(path) ?? { path };
    found.set(path, known);
    return known;
  };
  const clean = (fields: Fields): Record<string, unknown> =>
    Object.fromEntries(Object.entries(fields).filter(([field]) => !ignored.includes(field)));
  const base = now ?? service;
  if (base === undefined) return [];
  const baseName = now === undefined ? 'service' : 'now';
  if (now !== undefined && service !== undefined) {
    for (const each of fieldDifferences(clean(now), clean(service))) {
      Object.assign(at(each.path), { now: each.reference, service: each.ours });
    }
  }
  if (sent !== undefined) {
    const kept = clean(sent);
    const counterpart =
      sides.sentIsWhole === true
        ? clean(base)
        : Object.fromEntries(Object.keys(kept).map((field) => [field, clean(base)[field]]));
    for (const each of fieldDifferences(counterpart, kept)) {
      Object.assign(at(each.path), { [baseName]: each.reference, sent: each.ours });
    }
  }
  return [...found.values()];
}
