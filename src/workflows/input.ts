import { FEED_NAMES, findFeedName, type FeedName } from '../feeds/names.js';
import type { FullSyncInput } from './messages.js';

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

/** One kind of value of an input field, and how its problem reads. */
interface FieldRule {
  readonly expects: string;
  readonly accepts: (value: unknown) => boolean;
}

const flag: FieldRule = { expects: 'true or false', accepts: (v) => typeof v === 'boolean' };
const text: FieldRule = {
  expects: 'a text of at most 1,000 characters',
  accepts: (v) => typeof v === 'string' && v.length <= 1000,
};
const whole = (from: number, to: number): FieldRule => ({
  expects: `a whole number from ${from} to ${to}`,
  accepts: (v) => Number.isInteger(v) && Number(v) >= from && Number(v) <= to,
});

const RULES: Readonly<Record<keyof FullSyncInput, FieldRule>> = {
  feeds: {
    expects: `"all" or a list of feed names (${FEED_NAMES.join(', ')})`,
    accepts: (v) => v === 'all' || isTextList(v),
  },
  noReindex: flag,
  cleanupFeed: flag,
  dryRun: flag,
  ids: { expects: 'a list of at least one id', accepts: (v) => isTextList(v) && v.length > 0 },
  idType: text,
  force: flag,
  threadCount: whole(1, 32),
  batchSize: whole(1, 1000),
  requestedBy: text,
  reason: text,
};

/** Checks what somebody typed as the input of a full sync; all problems at once. */
export function checkFullSyncInput(input: unknown): Checked<FullSyncInput> {
  if (input === undefined || input === null) return { ok: true, value: {} };
  if (typeof input !== 'object' || Array.isArray(input)) {
    return { ok: false, problems: ['The input must be one JSON object, for example {}.'] };
  }
  const fields = input as Readonly<Record<string, unknown>>;
  const problems: string[] = [];
  const value: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(fields)) {
    if (given === undefined || given === null) continue;
    if (!isField(name)) {
      problems.push(`Unknown field “${name}”. Fields: ${Object.keys(RULES).join(', ')}.`);
      continue;
    }
    const rule = RULES[name];
    if (rule.accepts(given)) value[name] = given;
    else problems.push(`“${name}” must be ${rule.expects}, not ${JSON.stringify(given)}.`);
  }
  if (Array.isArray(value['feeds'])) {
    value['feeds'] = feedNames(value['feeds'], problems);
  }
  problems.push(...contradictions(value));
  return problems.length === 0 ? { ok: true, value: value } : { ok: false, problems };
}

function feedNames(names: readonly string[], problems: string[]): FeedName[] {
  if (names.length === 0) problems.push('“feeds” must name at least one feed, or be "all".');
  return names.flatMap((name) => {
    const feed = findFeedName(name);
    if (feed === undefined) {
      problems.push(`There is no feed “${name}”. Feeds: ${FEED_NAMES.join(', ')}.`);
    }
    return feed ?? [];
  });
}

function contradictions(input: FullSyncInput): string[] {
  const problems: string[] = [];
  const both = (a: keyof FullSyncInput, b: keyof FullSyncInput): void => {
    if (isSet(input[a]) && isSet(input[b])) problems.push(`“${a}” does not go with “${b}”.`);
  };
  both('ids', 'noReindex');
  both('ids', 'cleanupFeed');
  both('noReindex', 'cleanupFeed');
  if (input.idType !== undefined && input.ids === undefined) {
    problems.push('“idType” needs “ids”.');
  }
  return problems;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== false;
}

function isField(name: string): name is keyof FullSyncInput {
  return Object.hasOwn(RULES, name);
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
