import { STATUS } from '../store/settlements.js';

/** What is known of the request itself, for logs. */
export interface RequestFacts {
  /** Path below the service's URL. */
  readonly route?: string;
  /** As they were sent, secrets masked; only where the extended log is on. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the service answered to a request, or why there was no answer. */
export type Answer = RequestFacts &
  (
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
        /** Whether the credentials were refused before the request could be made. Default false. */
        readonly refused?: boolean;
      }
  );

/** What an answer calls for. */
export type AnswerClass =
  /** 2xx: all items are taken but those it names. */
  | 'accepted'
  /** 400: none is taken; the body may name the items at fault. */
  | 'invalid'
  /** 400 with `items_limit_exceeded`: no item is at fault. */
  | 'too many'
  /** 413. */
  | 'too large'
  /** 429. */
  | 'limited'
  /** 401, or no token was to be had. */
  | 'unauthorised'
  /** 403. */
  | 'forbidden'
  /** 404: the route or the data space is unknown. */
  | 'not found'
  /** 408, 5xx, no answer. */
  | 'transient'
  /** Any other status. */
  | 'refused';

export function classOf(answer: Answer): AnswerClass {
  if (answer.kind === 'none') return answer.refused === true ? 'unauthorised' : 'transient';
  const { status } = answer;
  if (status >= 200 && status < 300) return 'accepted';
  if (status >= 500) return 'transient';
  switch (status) {
    case 400:
      return answer.body.includes('items_limit_exceeded') ? 'too many' : 'invalid';
    case 401:
      return 'unauthorised';
    case 403:
      return 'forbidden';
    case 404:
      return 'not found';
    case 408:
      return 'transient';
    case 413:
      return 'too large';
    case 429:
      return 'limited';
    default:
      return 'refused';
  }
}

/** What is to be stored of an item that was in a request. */
export interface ItemOutcome {
  readonly status: number;
  /** Why; null when the item was accepted. */
  readonly error: string | null;
  /** Whether the service refused this very item, rather than the request or nothing at all. */
  readonly refused: boolean;
}

export const ACCEPTED: ItemOutcome = { status: STATUS.accepted, error: null, refused: false };

/** To be sent again, for the reason the answer gives. */
export function toBeRetried(answer: Answer): ItemOutcome {
  return { status: STATUS.retry, error: reasonOf(answer), refused: false };
}

/** The answer in a line, for people. */
export function reasonOf(answer: Answer): string {
  if (answer.kind === 'none') return answer.reason;
  const body = answer.body.trim();
  return `HTTP ${answer.status}${body === '' ? '' : `: ${body.slice(0, 500)}`}`;
}

/** An item that an answer complains of. */
export interface Complaint {
  /** Position in the request, from 0. */
  readonly index: number;
  /** All that is said about it. */
  readonly message: string;
}

/**
 * The items a body complains of, in either published list (`invalidFeedItems`, `errors`) and either
 * form (`field: "/2/sku"`, `itemIndex: 2`), ascending; several messages for one item are joined.
 * Entries that name no item of a request of `count` items are left out.
 */
export function complaintsOf(body: string, count: number): Complaint[] {
  const parsed = parseObject(body);
  const messages = new Map<number, string[]>();
  for (const name of ['invalidFeedItems', 'errors']) {
    const list = parsed?.[name];
    if (!Array.isArray(list)) continue;
    for (const entry of list) {
      const complaint = complaintOf(entry, count);
      if (complaint === undefined) continue;
      const earlier = messages.get(complaint.index) ?? [];
      if (!earlier.includes(complaint.message)) {
        messages.set(complaint.index, [...earlier, complaint.message]);
      }
    }
  }
  return [...messages]
    .sort(([a], [b]) => a - b)
    .map(([index, texts]) => ({ index, message: texts.join('; ') }));
}

function complaintOf(entry: unknown, count: number): Complaint | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { field, itemIndex, code, message } = entry as Record<string, unknown>;
  const path = typeof field === 'string' ? field.split('/') : [];
  let index: number;
  let subject: string;
  // Where both forms are there, the pointer counts, if it can be used.
  if (path.length >= 3) {
    index = path[1] === '' ? Number.NaN : Number(path[1]);
    subject = path.slice(2).join('/');
  } else {
    index =
      typeof itemIndex === 'number' || (typeof itemIndex === 'string' && itemIndex !== '')
        ? Number(itemIndex)
        : Number.NaN;
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
