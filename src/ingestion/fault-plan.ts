import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { Type, type Static } from 'typebox';
import { parse } from 'yaml';

import { ExportError } from '../errors/export-error.js';
import { COLLECTIONS, findCollection, type CollectionName } from './collections.js';

const strict = { additionalProperties: false } as const;

/** What happens to some requests instead of what would. */
export const FaultRule = Type.Object(
  {
    from: Type.Integer({ minimum: 1, description: 'first request, counted from 1' }),
    to: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
        description: 'last request; as `from` by default, null: all from there on',
      }),
    ),
    feed: Type.Optional(
      Type.String({ description: 'only requests of this feed count, else all that bring items' }),
    ),
    delayMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 3_600_000, description: 'before anything else' }),
    ),
    status: Type.Optional(
      Type.Integer({ minimum: 200, maximum: 599, description: 'answered once the body is read' }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]+$' }), Type.String(), strict),
    ),
    body: Type.Optional(Type.Unknown({ description: 'text as it is, else JSON' })),
    store: Type.Optional(
      Type.Boolean({ description: 'whether the items are stored before that is answered' }),
    ),
    drop: Type.Optional(
      Type.Union(
        [
          Type.Literal('before-reading'),
          Type.Literal('after-reading'),
          Type.Literal('after-storing'),
        ],
        { description: 'the connection is cut there, and nothing answered' },
      ),
    ),
  },
  strict,
);
export type FaultRule = Static<typeof FaultRule>;

const check = new Ajv({ allErrors: true, strict: false }).compile(Type.Array(FaultRule));

/** Which requests fail, and how; counts from the moment it was made or changed. */
export class FaultPlan {
  #rules: readonly FaultRule[] = [];
  #counts: number[] = [];

  /** @throws ExportError SDE10-01 for rules that cannot be. */
  constructor(rules: readonly FaultRule[]) {
    this.set(rules);
  }

  /** Replaces the rules, and counts anew. */
  set(rules: readonly FaultRule[]): void {
    this.#rules = checked(rules);
    this.#counts = this.#rules.map(() => 0);
  }

  /** What happens to the next request, which brings items of one of these collections. */
  next(collections: readonly CollectionName[]): FaultRule | undefined {
    let found: FaultRule | undefined;
    this.#rules.forEach((rule, index) => {
      const feed = rule.feed === undefined ? undefined : findCollection(rule.feed);
      if (feed !== undefined && !collections.includes(feed)) return;
      const count = (this.#counts[index] ?? 0) + 1;
      this.#counts[index] = count;
      const last = rule.to === undefined ? rule.from : (rule.to ?? Infinity);
      if (count >= rule.from && count <= last) found ??= rule;
    });
    return found;
  }
}

/**
 * Reads a plan: a list of rules, JSON or YAML.
 *
 * @throws ExportError SDE10-01 when it is anything else.
 */
export function parseFaultPlan(text: string): readonly FaultRule[] {
  let read: unknown;
  try {
    read = parse(text);
  } catch (cause) {
    throw invalid('it is neither JSON nor YAML', cause);
  }
  return checked(read);
}

/**
 * Reads the file of a plan.
 *
 * @throws ExportError SDE10-01 when it cannot be read, or is none.
 */
export async function readFaultPlan(path: string): Promise<readonly FaultRule[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw invalid(`${path} cannot be read`, cause);
  }
  return parseFaultPlan(text);
}

function checked(rules: unknown): readonly FaultRule[] {
  if (!check(rules)) {
    const [error] = check.errors ?? [];
    throw invalid(`${error?.instancePath ?? ''} ${error?.message ?? ''}`.trim());
  }
  const list = rules as readonly FaultRule[];
  for (const { feed, from, to } of list) {
    if (feed !== undefined && findCollection(feed) === undefined) {
      throw invalid(`there is no feed “${feed}”; feeds are ${COLLECTIONS.join(', ')}`);
    }
    if (typeof to === 'number' && to < from)
      throw invalid(`it ends (${to}) before it begins (${from})`);
  }
  return list;
}

function invalid(reason: string, cause?: unknown): ExportError {
  return new ExportError('SDE10-01', {
    message: `The fault plan of the ingestion service is not valid: ${reason}.`,
    cure: 'Correct the file that INGESTION_FAULTS_FILE names; docs/ingestion.md describes it.',
    cause,
  });
}
