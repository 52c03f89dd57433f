import { Random } from '../src/sandbox/catalog/random.js';

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

/** Numbers from 0 to 1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  const random = new Random(seed);
  return () => random.next();
}

/** A value that fits a schema; optional fields are there or not, by chance. Of patterns it knows SHA-1 alone. */
export function sampleOf(schema: object, random: () => number): unknown {
  const { type, anyOf, properties = {}, required = [], items, ...rest } = schema as Schema;
  if (rest.const !== undefined) return rest.const;
  if (rest.enum !== undefined) return pick(rest.enum, random);
  if (anyOf !== undefined) return sampleOf(pick(anyOf, random), random);
  switch (Array.isArray(type) ? (type as readonly string[])[0] : type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(properties)
          .filter(([name]) => required.includes(name) || random() < 0.5)
          .map(([name, inner]) => [name, sampleOf(inner, random)]),
      );
    case 'array':
      return Array.from({ length: 1 + Math.floor(random() * 2) }, () =>
        sampleOf(items ?? {}, random),
      );
    case 'integer':
      return Math.max(rest.minimum ?? 0, 1 + Math.floor(random() * 50));
    case 'number':
      return (rest.exclusiveMinimum ?? rest.minimum ?? 0) + 1 + Math.floor(random() * 1000) / 10;
    case 'boolean':
      return random() < 0.5;
    case 'null':
      return null;
    default:
      if (rest.pattern === '^[0-9a-f]{40}$') return 'a'.repeat(40);
      return `${pick(['a', 'ä', 'sku', 'x y', '1'], random)}${Math.floor(random() * 20)}`;
  }
}

export function pick<Value>(values: readonly Value[], random: () => number): Value {
  return values[Math.floor(random() * values.length)]!;
}
