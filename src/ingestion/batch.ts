import { isUtf8 } from 'node:buffer';

import type { FeedItem } from '../feeds/feed.js';
import { malformed } from './refusal.js';

/** The items of a request, read and as text. */
export interface Batch {
  readonly items: readonly FeedItem[];
  /** JSON of each item exactly as received, UTF-8: views of the body. */
  readonly texts: readonly Buffer[];
}

/**
 * Reads a body that is an array of objects.
 *
 * @param limit most items it may hold.
 * @throws Refusal 400 when it is anything else, or holds more.
 */
export function parseBatch(body: Buffer, limit: number): Batch {
  const items = parseArray(body);
  if (items.length > limit) {
    throw malformed(
      'items_limit_exceeded',
      `The request holds ${items.length} items; at most ${limit} are taken at once.`,
    );
  }
  const stranger = items.findIndex(
    (item) => typeof item !== 'object' || item === null || Array.isArray(item),
  );
  if (stranger !== -1) {
    throw malformed('invalid_body', `Element ${stranger} of the body is not an object.`);
  }
  return { items: items as FeedItem[], texts: elementTexts(body, items.length) };
}

function parseArray(body: Buffer): unknown[] {
  if (!isUtf8(body)) throw malformed('invalid_body', 'The body is not UTF-8.');
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    // The parser's message quotes the body, so it stays in the log.
    throw malformed('invalid_json', 'The body is not JSON.', cause);
  }
  if (!Array.isArray(parsed)) {
    throw malformed('invalid_body', 'The body is not an array of feed items.');
  }
  return parsed;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

/** The texts of the elements of `json`, which is known to be an array of `count` objects. */
function elementTexts(json: Buffer, count: number): Buffer[] {
  const texts: Buffer[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; texts.length < count && at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at);
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === 1) start = at;
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 1) texts.push(json.subarray(start, at + 1));
    }
  }
  return texts;
}

/** @param opening position of the opening quote. */
function endOfString(json: Buffer, opening: number): number {
  let at = opening + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}
