import { hash } from 'node:crypto';

import type { Feed, FeedItem } from '../../feeds/feed.js';

/**
 * The reference exporter's hash of an item: SHA-1 of its JSON as PHP writes it, without stamps and
 * fields that do not count, in the item's own order of keys, with `deleted`.
 */
export function referenceHash(
  feed: Pick<Feed, 'unhashed'>,
  item: FeedItem,
  deleted = false,
): string {
  const counted: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(item)) {
    if (UNHASHED.has(field) || feed.unhashed.includes(field)) continue;
    counted[field] = value;
  }
  counted['deleted'] ??= deleted;
  return hash('sha1', referenceJson(counted));
}

const UNHASHED: ReadonlySet<string> = new Set(['modifiedAt', 'updatedAt']);

/**
 * JSON as PHP writes it by default: `/` and what is not ASCII escaped, an empty object as an empty
 * list, whole numbers without fraction, other numbers in the shortest form that reads the same.
 */
export function referenceJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
      return number(value);
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map(referenceJson).join(',')}]`;
      const entries = Object.entries(value).filter(([, each]) => each !== undefined);
      if (entries.length === 0) return '[]';
      return `{${entries.map(([key, each]) => `${text(key)}:${referenceJson(each)}`).join(',')}}`;
    }
    default:
      return JSON.stringify(value);
  }
}

function text(value: string): string {
  return JSON.stringify(value).replace(/[/\u007f-\uffff]/g, (unit) => {
    if (unit === '/') return '\\/';
    if (unit === '\u007f') return unit;
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** PHP changes to exponents below 0.0001 and from 17 digits on, and writes `1.0e+25`. */
function number(value: number): string {
  const size = Math.abs(value);
  if (Number.isSafeInteger(value) || value === 0)
    return Object.is(value, -0) ? '-0.0' : String(value);
  if (size >= 1e-4 && size < 1e17) return String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${exponent}`;
}
