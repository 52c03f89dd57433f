import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';

import type { Feed, FeedItem } from './feed.js';
import { parseStamp } from './stamp.js';
import { problemsOf } from './validation-problems.js';

/** What is wrong with an item. */
export interface ItemProblem {
  /** JSON pointer into the item, e.g. `/sku` or `/attributes/0/value`. */
  readonly field: string;
  /** E.g. `is required`. */
  readonly message: string;
}

/** Checks one item; no problems mean that it is valid. */
export type ItemValidator = (item: FeedItem) => readonly ItemProblem[];

export interface ItemContract {
  readonly live: TSchema;
  /** For items with `deleted: true`. */
  readonly deletion: TSchema;
  /** Undefined where items have no stamp. */
  readonly stampField: string | undefined;
}

const compiled = new WeakMap<Feed, ItemValidator>();

/**
 * The validator of a feed's items, compiled once. Items follow the feed's contract; `modifiedAt`
 * and `deleted` of legacy feeds may be missing, since their stored rows lack both. A deletion needs
 * the identity fields that the contract requires, and may carry every other field of the contract.
 */
export function feedValidator(feed: Feed): ItemValidator {
  let validator = compiled.get(feed);
  if (validator === undefined) {
    validator = compileValidator({
      live: feed.mode === 'legacy' ? withoutRequiring(feed, feed.contract) : feed.contract,
      deletion: deletionContract(feed),
      stampField: feed.stamp.field,
    });
    compiled.set(feed, validator);
  }
  return validator;
}

/** Compiles a validator that also refuses stamps which say no time. */
export function compileValidator({ live, deletion, stampField }: ItemContract): ItemValidator {
  // Contracts are ours, and tested: ajv's strictness would only refuse their annotations.
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, logger: false });
  const checkLive = ajv.compile(live);
  const checkDeletion = ajv.compile(deletion);
  return (item) => {
    const found = errorsOf(item['deleted'] === true ? checkDeletion : checkLive, item);
    const problems = found === null ? [] : problemsOf(found);
    const stamp = stampField === undefined ? undefined : item[stampField];
    if (typeof stamp === 'string' && parseStamp(stamp) === undefined) {
      problems.push({ field: `/${stampField ?? ''}`, message: 'is not a time' });
    }
    return problems;
  };
}

function errorsOf(check: ValidateFunction, item: FeedItem): readonly ErrorObject[] | null {
  return check(item) ? null : (check.errors ?? []);
}

interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/** The contract's own fields, but for what it requires and for conditions on top of them. */
function deletionContract(feed: Feed): ObjectSchema & TSchema {
  const { properties, required } = objectSchema(feed.contract);
  return {
    type: 'object',
    properties: withEngineFields(feed, properties),
    required: ['deleted', ...feed.identity.filter((field) => required.includes(field))],
    additionalProperties: false,
  };
}

function withoutRequiring(feed: Feed, contract: TSchema): TSchema {
  const { properties, required } = objectSchema(contract);
  return {
    ...contract,
    properties: withEngineFields(feed, properties),
    required: required.filter((field) => field !== 'deleted' && field !== feed.stamp.field),
  };
}

/** `deleted` and the stamp are added by the engine, so they are known even to a legacy contract. */
function withEngineFields(
  feed: Feed,
  properties: ObjectSchema['properties'],
): ObjectSchema['properties'] {
  return { deleted: { type: 'boolean' }, [feed.stamp.field]: { type: 'string' }, ...properties };
}

function objectSchema(contract: TSchema): Pick<ObjectSchema, 'properties' | 'required'> {
  const { properties = {}, required = [] } = contract as Partial<ObjectSchema>;
  return { properties, required };
}
