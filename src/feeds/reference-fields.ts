import type { TSchema } from 'typebox';

/** A field of a contract, as people read of it. */
export interface FieldDescription {
  /** E.g. `optionsV2[].values[].label`. */
  readonly path: string;
  readonly type: string;
  /** Whether every object that may hold the field has it. */
  readonly required: boolean;
  readonly description: string;
}

/** What contracts are made of: the keywords that TypeBox writes for them. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

/** All fields of a contract, in its order, the fields within a field after it. */
export function describeFields(contract: TSchema): FieldDescription[] {
  return [...fieldsOf([contract], '')];
}

/** Fields of an object that has one of several forms. */
function* fieldsOf(forms: readonly Schema[], prefix: string): Generator<FieldDescription> {
  const names = new Set(forms.flatMap(({ properties = {} }) => Object.keys(properties)));
  for (const name of names) {
    const found = forms.flatMap(({ properties = {} }) => properties[name] ?? []);
    const field: Schema = found.length === 1 ? (found[0] ?? {}) : { anyOf: found };
    const path = `${prefix}${name}`;
    yield {
      path,
      type: typeOf(field),
      required: forms.every(({ required = [] }) => required.includes(name)),
      description: found.map(descriptionOf).find((text) => text !== '') ?? '',
    };
    const list = alternatives(field).find(({ type }) => type === 'array');
    const inside = list?.items === undefined ? field : list.items;
    const objects = alternatives(inside).filter(({ type }) => type === 'object');
    const [values] = objects.flatMap(({ patternProperties = {} }) =>
      Object.values(patternProperties),
    );
    const below = list === undefined ? path : `${path}[]`;
    yield* values === undefined
      ? fieldsOf(objects, `${below}.`)
      : fieldsOf(alternatives(values), `${below}.*.`);
  }
}

function alternatives(schema: Schema): readonly Schema[] {
  return schema.anyOf?.flatMap(alternatives) ?? [schema];
}

/** E.g. `list of objects or null`; of values that are all named, these: `"RULE"`, `"FALLBACK"`. */
function typeOf(schema: Schema): string {
  const types = alternatives(schema).map(
    ({ enum: values, ...each }) => values?.map(code).join(', ') ?? plainType(each),
  );
  return [...new Set(types)].join(' or ');
}

function plainType(schema: Schema): string {
  if ('const' in schema) return code(schema.const);
  if (schema.type === 'array') {
    const items = schema.items === undefined ? 'values' : pluralOf(schema.items);
    return `list of ${items}${schema.minItems === undefined ? '' : ', never empty'}`;
  }
  const limits = [
    ...(schema.pattern === undefined ? [] : [` like \`${schema.pattern}\``]),
    ...(schema.minLength === undefined ? [] : [', not empty']),
    ...(schema.minimum === undefined ? [] : [` from ${schema.minimum} on`]),
    ...(schema.exclusiveMinimum === undefined ? [] : [` above ${schema.exclusiveMinimum}`]),
  ];
  return `${schema.type ?? 'value'}${limits.join('')}`;
}

function pluralOf(items: Schema): string {
  return [...new Set(alternatives(items).map(({ type = 'value' }) => `${type}s`))].join(' or ');
}

/** Its own, else that of the one alternative that has any: `null` never has. */
function descriptionOf(schema: Schema): string {
  const inner = alternatives(schema).flatMap(({ description, items }) =>
    [description, items?.description].filter((text) => text !== undefined),
  );
  return schema.description ?? inner[0] ?? '';
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}
