import { ExportError } from '../../errors/export-error.js';
import {
  customerOrders,
  existingOrders,
  isOrderOf,
  traceOf,
  type Customer,
} from '../../feeds/orders/customer.js';
import { orders } from '../../feeds/orders/feed.js';
import { findPayloads, removePayloads } from '../../store/payloads.js';
import { openQueue } from '../../store/pending.js';
import { drawCollectedSeq } from '../../store/sequence.js';
import { withDatabases, type Databases } from '../databases.js';
import { print, type ConnectionFlags, type JsonFlag } from '../edge.js';

export interface OrdersEraseFlags extends ConnectionFlags, JsonFlag {
  readonly customerId?: string;
  readonly email?: string;
  readonly dryRun?: boolean;
}

/** What erasing did, in order ids. */
export interface ErasedOrders {
  /** Orders of the customer that the exporter knows. */
  readonly found: readonly number[];
  /** Of those, orders whose payload was kept, and is removed. */
  readonly erased: readonly number[];
  /** Of those, orders that were sent, so that the service may hold them. */
  readonly sent: readonly number[];
  /** Sent orders that Commerce no longer has, so that nothing replaces them at the service. */
  readonly gone: readonly number[];
  /** Orders that Commerce still has under this customer id or address. */
  readonly inCommerce: readonly number[];
}

/** Removes what the exporter keeps of a customer's orders, and says what is left to do elsewhere. */
export async function ordersErase(flags: OrdersEraseFlags): Promise<void> {
  const customer = customerOf(flags);
  const dryRun = flags.dryRun === true;
  await withDatabases(flags, async (databases) => {
    const result = await eraseOrders(databases, customer, { dryRun });
    const todo = todoOf(result, databases.configuration.service.environmentId);
    print(flags.json, { dryRun, ...result, todo }, () =>
      [sentenceOf(result, dryRun), ...todo.map((each) => `- ${each}`)].join('\n'),
    );
  });
}

/**
 * Erases the payloads of a customer's orders. Hashes stay, so that nothing old is sent again; the
 * orders are queued, so that the service gets what Commerce has of them now, if that is different.
 */
export async function eraseOrders(
  { store, inShop }: Pick<Databases, 'store' | 'inShop'>,
  customer: Customer,
  { dryRun }: { readonly dryRun: boolean },
): Promise<ErasedOrders> {
  const inCommerce = await inShop((shop, read) => customerOrders(shop, read, customer));
  const rows = await findPayloads(store, orders.table, {
    sourceIds: inCommerce,
    trace: traceOf(customer),
    matches: (item) => isOrderOf(customer, item),
  });
  const idsOf = (matches: (row: (typeof rows)[number]) => boolean): number[] =>
    rows
      .filter(matches)
      .map(({ sourceId }) => sourceId)
      .sort((a, b) => a - b);
  const found = idsOf(() => true);
  const sent = idsOf((row) => row.sent);
  const existing = await inShop((shop, read) => existingOrders(shop, read, found));

  if (!dryRun && rows.length > 0) {
    const queue = await openQueue(store, 'orders');
    const seq = await drawCollectedSeq(store);
    await store.transaction(async (transaction) => {
      const ids = rows.map(({ id }) => id);
      await removePayloads(store, transaction, orders.table, ids, seq);
      await queue(found, transaction);
    });
  }
  return {
    found,
    erased: idsOf((row) => row.hasPayload),
    sent,
    gone: sent.filter((id) => !existing.has(id)),
    inCommerce,
  };
}

function sentenceOf({ found, erased }: ErasedOrders, dryRun: boolean): string {
  if (found.length === 0) return 'The exporter keeps no order of this customer.';
  if (dryRun) {
    return `Of ${count(found)} of this customer, ${erased.length} payloads would be removed: ${listed(found)}.`;
  }
  return (
    `Of ${count(found)} of this customer, ${erased.length} payloads were removed; ` +
    `all are queued, so that the service gets what Commerce has of them now: ${listed(found)}.`
  );
}

function todoOf(result: ErasedOrders, environmentId: string | undefined): string[] {
  const { sent, gone, inCommerce } = result;
  const dataSpace = environmentId === undefined ? '' : ` (data space ${environmentId})`;
  const replaced = sent.filter((id) => !gone.includes(id));
  return [
    ...(inCommerce.length === 0
      ? []
      : [
          `Commerce still has ${count(inCommerce)} under this id or address: ${listed(inCommerce)}. Anonymise them there; else they are exported with these data when they change next.`,
        ]),
    ...(replaced.length === 0
      ? []
      : [
          `The service${dataSpace} may hold ${count(replaced)} as last sent: ${listed(replaced)}. Once Commerce has anonymised them, a sync of the feed orders replaces them; check that it does.`,
        ]),
    ...(gone.length === 0
      ? []
      : [
          `The service${dataSpace} may hold ${count(gone)} that Commerce no longer has: ${listed(gone)}. Nothing replaces them; ask its operator to delete the items of these order ids.`,
        ]),
    ...(sent.length === 0
      ? []
      : ['Copies may be in backups and binary logs of the databases until these expire.']),
  ];
}

const LISTED = 20;

function listed(ids: readonly number[]): string {
  const rest = ids.length - LISTED;
  return `${ids.slice(0, LISTED).join(', ')}${rest > 0 ? ` and ${rest} more (--json lists all)` : ''}`;
}

function count(ids: readonly number[]): string {
  return ids.length === 1 ? '1 order' : `${ids.length} orders`;
}

/** @throws ExportError SDE10-03 unless there is one of both flags, with a value that can be. */
function customerOf({ customerId, email }: OrdersEraseFlags): Customer {
  if ((customerId === undefined) === (email === undefined)) {
    throw new ExportError('SDE10-03', {
      message: 'Say whose orders: --customer-id <n>, or --email <address>.',
    });
  }
  if (customerId !== undefined) {
    if (!/^[1-9]\d{0,9}$/.test(customerId)) {
      throw new ExportError('SDE10-03', {
        message: `--customer-id takes a customer’s id in Commerce, not “${customerId}”.`,
      });
    }
    return { kind: 'id', id: Number(customerId) };
  }
  const address = (email ?? '').trim();
  if (!/^\S+@\S+$/.test(address)) {
    throw new ExportError('SDE10-03', { message: '--email takes a whole e-mail address.' });
  }
  return { kind: 'email', email: address };
}
