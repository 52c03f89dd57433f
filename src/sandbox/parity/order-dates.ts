import type { FieldDifference, Item } from './field-differences.js';

/** Kinds of documents in the order in which the reference takes the dates of a batch: later wins. */
const KINDS = ['invoices', 'creditMemos', 'transactions'] as const;
type Kind = (typeof KINDS)[number];

/** Dates of documents by kind and number, of all orders that are compared. */
type Dates = Readonly<Record<Kind, ReadonlyMap<unknown, unknown>>>;

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/;

const datesOf = new WeakMap<readonly Item[], Dates>();

/**
 * Whether the reference dates a document by another one of its batch with the same number and of a
 * later kind. Without the other orders that cannot be told: any date will do.
 */
export function isDateOfAnother(
  { path, reference, ours, owner }: FieldDifference,
  orders: readonly Item[] | undefined,
): boolean {
  if (!isDate(reference) || !isDate(ours)) return false;
  if (orders === undefined) return true;
  const kind = KINDS.findIndex((each) => path.startsWith(`${each}[]`));
  const dates = datesOf.get(orders) ?? read(orders);
  return KINDS.slice(kind + 1).some((each) => dates[each].get(owner['entityId']) === reference);
}

function read(orders: readonly Item[]): Dates {
  const of = (kind: Kind): Map<unknown, unknown> =>
    new Map(
      orders.flatMap((order) => {
        const documents = order[kind];
        return Array.isArray(documents)
          ? (documents as Item[]).map(({ entityId, createdAt }) => [entityId, createdAt] as const)
          : [];
      }),
    );
  const dates = {
    invoices: of('invoices'),
    creditMemos: of('creditMemos'),
    transactions: of('transactions'),
  };
  datesOf.set(orders, dates);
  return dates;
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && DATE.test(value);
}
