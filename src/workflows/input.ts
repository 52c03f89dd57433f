import { FEED_NAMES, findFeedName, type FeedName } from '../feeds/names.js';
import { OPERATIONS, type Operation } from '../feeds/operation.js';
import type {
  Approval,
  CleanupDeletedItemsInput,
  FeedsInput,
  FeedSyncInput,
  FullSyncInput,
  PartialSyncInput,
  Pause,
  RunOptions,
  VerifyFeedsInput,
} from './messages.js';
import { dryRunId, feedSyncId, WORKFLOW } from './names.js';

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

/** One kind of value of an input field, and how its problem reads. */
interface FieldRule {
  readonly expects: string;
  readonly accepts: (value: unknown) => boolean;
}

type Rules<T> = Readonly<Record<keyof T & string, FieldRule>>;

const flag: FieldRule = { expects: 'true or false', accepts: (v) => typeof v === 'boolean' };
const text: FieldRule = {
  expects: 'a text of at most 1,000 characters',
  accepts: (v) => typeof v === 'string' && v.length <= 1000,
};
const whole = (from: number, to: number): FieldRule => ({
  expects: `a whole number from ${from} to ${to}`,
  accepts: (v) => Number.isInteger(v) && Number(v) >= from && Number(v) <= to,
});
const feeds: FieldRule = {
  expects: `"all" or a list of feed names (${FEED_NAMES.join(', ')})`,
  accepts: (v) => v === 'all' || isTextList(v),
};

const RUN_OPTIONS: Rules<RunOptions> = {
  noReindex: flag,
  cleanupFeed: flag,
  dryRun: flag,
  ids: { expects: 'a list of at least one id', accepts: (v) => isTextList(v) && v.length > 0 },
  idType: text,
  force: flag,
  approveDeletions: flag,
  threadCount: whole(1, 32),
  batchSize: whole(1, 1000),
};

const FULL_SYNC: Rules<FullSyncInput> = {
  feeds,
  ...RUN_OPTIONS,
  requestedBy: text,
  reason: text,
};

const FEED_SYNC: Rules<FeedSyncInput> = {
  feed: {
    expects: `the name of a feed (${FEED_NAMES.join(', ')})`,
    accepts: (v) => typeof v === 'string' && findFeedName(v) === v,
  },
  operation: {
    expects: `one of ${OPERATIONS.join(', ')}`,
    accepts: (v) => OPERATIONS.includes(v as Operation),
  },
  ...RUN_OPTIONS,
  listenUntil: text,
  launchedBy: text,
  requestedBy: text,
  reason: text,
  trigger: text,
  continued: { expects: 'what a run hands over', accepts: (v) => typeof v === 'object' },
};

/** Checks what somebody typed as the input of a full sync; all problems at once. */
export function checkFullSyncInput(input: unknown): Checked<FullSyncInput> {
  return check<FullSyncInput>(input, FULL_SYNC, contradictions);
}

/**
 * Checks the input of a feed's run, which other workflows start.
 *
 * @param continues whether the run continues as new: nobody else hands anything over.
 */
export function checkFeedSyncInput(input: unknown, continues: boolean): Checked<FeedSyncInput> {
  const checked = check<FeedSyncInput>(input, FEED_SYNC);
  if (!checked.ok) return checked;
  const { value } = checked;
  const problems: string[] = [];
  // As somebody starts it who takes the name of the type for an invitation.
  if (!isSet(value.feed)) problems.push(`“feed” is missing. ${STARTED_BY_OTHERS}`);
  if (isSet(value.continued) && !continues) {
    problems.push('“continued” is only for runs that continue as new.');
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    value: { ...value, trigger: isSet(value.trigger) ? value.trigger : WORKFLOW.feedSync },
  };
}

/** What is wrong with the workflow ID of a feed's run: it is the lock of the feed. */
export function checkFeedSyncId(
  workflowId: string,
  { feed, dryRun }: Pick<FeedSyncInput, 'feed' | 'dryRun'>,
  instance: string,
): readonly string[] {
  const own = dryRun === true ? dryRunId(instance, feed, '') : feedSyncId(instance, feed);
  if (dryRun === true ? workflowId.startsWith(own) : workflowId === own) return [];
  const shown = dryRun === true ? `${own}…` : own;
  return [
    `A run of ${feed} has the workflow ID “${shown}”, not “${workflowId}”. ${STARTED_BY_OTHERS}`,
  ];
}

const STARTED_BY_OTHERS = `${WORKFLOW.feedSync} is started by the other workflows: start ${WORKFLOW.fullSync} instead, under any ID.`;

export function checkPartialSyncInput(input: unknown): Checked<PartialSyncInput> {
  return check<PartialSyncInput>(input, { feeds, listenSeconds: whole(0, 3600) });
}

export function checkFeedsInput(input: unknown): Checked<FeedsInput> {
  return check<FeedsInput>(input, { feeds });
}

export function checkCleanupInput(input: unknown): Checked<CleanupDeletedItemsInput> {
  return check<CleanupDeletedItemsInput>(input, { feeds, olderThanDays: whole(0, 3650) });
}

export function checkVerifyInput(input: unknown): Checked<VerifyFeedsInput> {
  return check<VerifyFeedsInput>(input, { feeds, rowsPerSecond: whole(0, 1_000_000), fix: flag });
}

/** Checks what came with a signal or an update of people. */
export function checkPause(input: unknown): Checked<Pause> {
  return check<Pause>(input, { by: text, reason: text });
}

export function checkApproval(input: unknown): Checked<Approval> {
  return check<Approval>(input, { by: text });
}

function check<T extends object>(
  input: unknown,
  rules: Rules<Required<T>>,
  contradict: (value: T) => readonly string[] = () => [],
): Checked<T> {
  if (input === undefined || input === null) return { ok: true, value: {} as T };
  if (typeof input !== 'object' || Array.isArray(input)) {
    return { ok: false, problems: ['The input must be one JSON object, for example {}.'] };
  }
  const known: Readonly<Record<string, FieldRule>> = rules;
  const problems: string[] = [];
  const value: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(input as Readonly<Record<string, unknown>>)) {
    if (given === undefined || given === null) continue;
    const rule = Object.hasOwn(known, name) ? known[name] : undefined;
    if (rule === undefined) {
      problems.push(`Unknown field “${name}”. Fields: ${Object.keys(rules).join(', ')}.`);
    } else if (rule.accepts(given)) value[name] = given;
    else problems.push(`“${name}” must be ${rule.expects}, not ${JSON.stringify(given)}.`);
  }
  if (Array.isArray(value['feeds'])) {
    value['feeds'] = feedNames(value['feeds'] as readonly string[], problems);
  }
  problems.push(...contradict(value as T));
  return problems.length === 0 ? { ok: true, value: value as T } : { ok: false, problems };
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

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
