import type { TSchema } from 'typebox';

import type { FeedItem } from '../src/feeds/feed.js';

/** A way to break a valid item. */
export interface Mutation {
  /** E.g. `/links/0/sku: removed`. */
  readonly name: string;
  apply(item: FeedItem): FeedItem;
}

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

type Path = readonly (string | number)[];
type Holder = Record<string | number, unknown>;

/**
 * Everything that breaks an item at one place, whatever the place: a required field removed, a value
 * of another type, an unknown field, a value beyond the limits of its field.
 *
 * @param required the required fields of the item itself; those of the contract by default.
 */
export function mutationsOf(
  contract: TSchema,
  item: FeedItem,
  required?: readonly string[],
): Mutation[] {
  const schema = contract as Schema;
  return [...ofObject(required === undefined ? schema : { ...schema, required }, item, [])];
}

function* ofObject(schema: Schema, value: object, path: Path): Generator<Mutation> {
  const { properties = {}, required = [] } = schema;
  yield put([...path, 'unheardOf'], 'x', 'unknown');
  for (const [name, inner] of Object.entries(value)) {
    const property = properties[name];
    if (property === undefined) continue;
    const at = [...path, name];
    if (required.includes(name)) yield remove(at);
    yield* ofValue(property, inner, at);
  }
}

function* ofValue(schema: Schema, value: unknown, path: Path): Generator<Mutation> {
  for (const wrong of ['text', 42, 0.5, true, null, ['text'], { text: 'text' }]) {
    if (!isOfType(schema, wrong)) yield put(path, wrong, `is ${JSON.stringify(wrong)}`);
  }
  for (const each of alternatives(schema)) {
    if ((each.minLength ?? 0) > 0) yield put(path, '', 'is empty');
    if ((each.minItems ?? 0) > 0) yield put(path, [], 'is empty');
    if (each.pattern !== undefined) yield put(path, 'not-like-it', 'breaks the pattern');
    if (each.minimum !== undefined) yield put(path, each.minimum - 1, 'is too small');
    if (each.exclusiveMinimum !== undefined) yield put(path, each.exclusiveMinimum, 'is too small');
  }
  if (Array.isArray(value)) {
    const list = alternatives(schema).find(({ type }) => type === 'array');
    for (const [index, entry] of value.entries()) {
      if (list?.items !== undefined) yield* ofValue(list.items, entry, [...path, index]);
    }
  } else if (typeof value === 'object' && value !== null) {
    const form = alternatives(schema).find(
      ({ properties }) =>
        properties !== undefined && Object.keys(value).every((name) => name in properties),
    );
    if (form !== undefined) yield* ofObject(form, value, path);
  }
}

/** Whether the schema may take a value like it; values of enumerations are none of those tried. */
function isOfType(schema: Schema, value: unknown): boolean {
  return alternatives(schema).some((each) => {
    if ('const' in each || each.enum !== undefined) return false;
    switch (each.type) {
      case 'integer':
        return Number.isInteger(value);
      case 'array':
        return Array.isArray(value);
      case 'null':
        return value === null;
      case 'object':
        return false;
      default:
        return typeof value === each.type;
    }
  });
}

function alternatives(schema: Schema): readonly Schema[] {
  return schema.anyOf?.flatMap(alternatives) ?? [schema];
}

function put(path: Path, value: unknown, what: string): Mutation {
  return mutation(path, what, (holder, key) => {
    holder[key] = value;
  });
}

function remove(path: Path): Mutation {
  return mutation(path, 'removed', (holder, key) => {
    Reflect.deleteProperty(holder, key);
  });
}

function mutation(
  path: Path,
  what: string,
  change: (holder: Holder, key: string | number) => void,
): Mutation {
  return {
    name: `/${path.join('/')}: ${what}`,
    apply(item) {
      const copy = structuredClone(item);
      let holder = copy as Holder;
      for (const key of path.slice(0, -1)) holder = holder[key] as Holder;
      change(holder, path.at(-1)!);
      return copy;
    },
  };
}
