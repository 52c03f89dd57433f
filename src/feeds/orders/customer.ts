import type { Read } from '../../commerce/read.js';
import { amongIds } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { FeedItem } from '../feed.js';

/** A person whose orders are looked for: by customer id, or by the e-mail address of the orders. */
export type Customer =
  { readonly kind: 'id'; readonly id: number } | { readonly kind: 'email'; readonly email: string };

/** Whether the item is an order of that customer. Letter case of addresses does not count. */
export function isOrderOf(customer: Customer, item: FeedItem): boolean {
  if (customer.kind === 'id') return item['customerId'] === customer.id;
  const email = item['customerEmail'];
  return typeof email === 'string' && normalized(email) === normalized(customer.email);
}

/** A text that the JSON of every order of that customer holds, in lower case. */
export function traceOf(customer: Customer): string {
  return customer.kind === 'id'
    ? `"customerid":${customer.id}`
    : JSON.stringify(normalized(customer.email)).slice(1, -1);
}

/** Ids of the orders that Commerce has of that customer. By address it reads the whole table. */
export async function customerOrders(
  shop: Shop,
  read: Read,
  customer: Customer,
): Promise<number[]> {
  const rows = await read.rows<[number]>(
    `SELECT entity_id FROM ${shop.t('sales_order')}
     WHERE ${customer.kind === 'id' ? 'customer_id = ?' : 'LOWER(TRIM(customer_email)) = ?'}
     ORDER BY entity_id`,
    [customer.kind === 'id' ? customer.id : normalized(customer.email)],
  );
  return rows.map(([id]) => id);
}

/** Those of the orders that Commerce still has. */
export async function existingOrders(
  shop: Shop,
  read: Read,
  orderIds: readonly number[],
): Promise<Set<number>> {
  const rows = await read.rows<[number]>(
    `SELECT entity_id FROM ${shop.t('sales_order')} WHERE ${amongIds('entity_id', orderIds)}`,
  );
  return new Set(rows.map(([id]) => id));
}

function normalized(email: string): string {
  return email.trim().toLowerCase();
}
