import { STATUS } from '../store/settlements.js';

/** What the service answered to a request, or why there was no answer. */
export type Answer =
  | {
      readonly kind: 'answer';
      /** HTTP status. */
      readonly status: number;
      readonly requestId: string | undefined;
      readonly body: string;
      /** The header `Retry-After`, as it came. */
      readonly retryAfter?: string;
      /** The header `Date`, as it came. */
      readonly date?: string;
    }
  | {
      readonly kind: 'none';
      /** What went wrong, for people. */
      readonly reason: string;
      readonly cause: unknown;
    };

/** The status to store for each item of a request. */
export interface ItemOutcome {
  readonly status: number;
  /** Why; null when the item was accepted. */
  readonly error: string | null;
}

interface ItemComplaint {
  readonly index: number;
  readonly message: string;
}

/**
 * The outcome of each of a request's `count` items. 2xx accepts all that are not named; a 400
 * refuses all that are not named with 400; named items are failed; everything else is to be sent
 * again.
 */
export function outcomesOf(answer: Answer, count: number): ItemOutcome[] {
  if (answer.kind === 'none') {
    return Array.from({ length: count }, () => ({ status: STATUS.retry, error: answer.reason }));
  }
  const overall = overallOutcome(answer.status, answer.body);
  const outcomes = Array.from({ length: count }, () => overall);
  for (const { index, message } of complaintsOf(answer.body, count)) {
    const earlier = outcomes[index];
    const joined =
      earlier === undefined || earlier === overall || earlier.error === null
        ? message
        : `${earlier.error}; ${message}`;
    outcomes[index] = { status: STATUS.failed, error: joined };
  }
  return outcomes;
}

function overallOutcome(status: number, body: string): ItemOutcome {
  if (status >= 200 && status < 300) return { status: STATUS.accepted, error: null };
  const reason = `HTTP ${status}${body === '' ? '' : `: ${body.slice(0, 500)}`}`;
  return { status: status === 400 ? STATUS.refused : STATUS.retry, error: reason };
}

/**
 * The items a body complains of, in either published list (`invalidFeedItems`, `errors`) and either
 * form (`field: "/2/sku"`, `itemIndex: 2`). Entries that name no item of the request are left out.
 */
export function complaintsOf(body: string, count: number): ItemComplaint[] {
  const parsed = parseObject(body);
  const list = parsed?.['invalidFeedItems'] ?? parsed?.['errors'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => complaintOf(entry, count) ?? []);
}

function complaintOf(entry: unknown, count: number): ItemComplaint | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { field, itemIndex, code, message } = entry as Record<string, unknown>;
  let index: number;
  let subject: string;
  if (typeof field === 'string') {
    const path = field.split('/');
    if (path.length < 3) return undefined;
    index = Number(path[1]);
    subject = path.slice(2).join('/');
  } else {
    index = Number(itemIndex ?? Number.NaN);
    subject = typeof code === 'string' ? code : '';
  }
  if (!Number.isInteger(index) || index < 0 || index >= count) return undefined;
  const text = typeof message === 'string' ? message : 'refused without a reason';
  return { index, message: subject === '' ? text : `${subject}: ${text}` };
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
