import type { Batch } from './batch.js';
import type { ItemFault } from './received-batch.js';
import { Refusal } from './refusal.js';

/** How entries of a list of wrong items look: `field: "/2/sku"`, or `itemIndex: 2, code: "sku"`. */
export type ErrorForm = 'pointer' | 'index';

/** Longest value that is repeated in an answer. */
const MAX_VALUE = 100;

/** The answers of the feed routes: wrong items are named, the others are taken. */
export function feedAnswer(
  accepted: number,
  faults: readonly ItemFault[],
  form: ErrorForm,
): Readonly<Record<string, unknown>> {
  return {
    feedItemReceivedCount: accepted,
    invalidFeedItems: faults.map((fault) =>
      form === 'index'
        ? indexed(fault)
        : { field: `/${fault.index}${fault.field}`, message: fault.message },
    ),
  };
}

export function catalogAnswer(accepted: number): Readonly<Record<string, unknown>> {
  return { status: 'ACCEPTED', acceptedCount: accepted };
}

/** The refusal of the catalog routes: one wrong item, and none is taken. */
export function catalogRefusal(faults: readonly ItemFault[], batch: Batch): Refusal {
  const wrong = new Set(faults.map(({ index }) => index)).size;
  return new Refusal(400, {
    status: 'FAILED',
    message: `${wrong} of ${batch.items.length} items are invalid; none was accepted.`,
    errors: faults.map((fault) => ({ ...indexed(fault), value: valueOf(fault, batch) })),
  });
}

/** A refusal of the whole request, in the words of the catalog routes. */
export function asCatalogRefusal(refusal: Refusal): Refusal {
  const { code, message } = refusal.body;
  if (refusal.status !== 400 || code === undefined) return refusal;
  return new Refusal(400, { status: 'FAILED', code, message, errors: [] }, refusal.cause);
}

function indexed({ index, field, message }: ItemFault): Readonly<Record<string, unknown>> {
  return {
    itemIndex: index,
    code: fieldName(field),
    message: `${field.slice(1)} ${message}`.trim(),
  };
}

/** `/links/0/sku` is told as `links`. */
function fieldName(field: string): string {
  return unescape(field.split('/')[1] ?? '');
}

function valueOf({ index, field }: ItemFault, { items }: Batch): string | undefined {
  let value: unknown = items[index];
  for (const part of field.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    const name = unescape(part);
    value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  }
  switch (typeof value) {
    case 'string':
      return value.slice(0, MAX_VALUE);
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}

function unescape(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
