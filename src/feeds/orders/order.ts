import type { ItemOf } from '../feed.js';
import { informationList, methodTitle, readInformation } from './additional-information.js';
import { date, decimal, flag, lines, present, text } from './casts.js';
import type { Address, Order } from './contract.js';
import type { AddressRow } from './item-rows.js';
import type { OrderRow } from './order-rows.js';

export type OrderFeedItem = ItemOf<typeof Order>;

/** The lists of an order. */
export type OrderParts = Pick<
  OrderFeedItem,
  'items' | 'invoices' | 'creditMemos' | 'transactions' | 'shipments'
>;

const STATES: ReadonlyMap<string | null, number> = new Map([
  ['new', 1],
  ['pending_payment', 2],
  ['processing', 3],
  ['complete', 4],
  ['closed', 5],
  ['canceled', 6],
  ['holded', 7],
  ['payment_review', 8],
  ['RECEIVED', 9],
  ['REJECTED', 10],
]);

/**
 * @param addresses all of the order, ascending.
 * @throws BrokenOrder where what the payment method stored cannot be read.
 */
export function orderItemOf(
  row: OrderRow,
  uuid: string,
  addresses: readonly AddressRow[] | undefined,
  parts: OrderParts,
): OrderFeedItem {
  const id = String(row.id);
  const column = `additional_information of sales_order_payment ${row.paymentId}`;
  const information = readInformation(row.information, column);
  return present<OrderFeedItem>({
    orderId: { id: uuid },
    commerceOrderId: id,
    commerceOrderNumber: text(row.incrementId),
    externalId: { id, salesChannel: 'magento' },
    createdAt: date(row.createdAt),
    updatedAt: date(row.updatedAt),
    state: STATES.get(row.state) ?? 0,
    status: text(row.status),
    totalInvoiced: decimal(row.totalInvoiced),
    totalQtyOrdered: decimal(row.totalQuantity),
    isVirtual: flag(row.isVirtual),
    subtotal: decimal(row.subtotal),
    grandTotal: decimal(row.grandTotal),
    discountAmount: decimal(row.discount),
    currency: text(row.currency),
    amountCapturedOnline: decimal(row.paidOnline),
    amountRefundedOnline: decimal(row.refundedOnline),
    amountAuthorized: decimal(row.authorized),
    amountPaid: decimal(row.paid),
    amountRefunded: decimal(row.refunded),
    amountCanceled: decimal(row.canceled),
    storeViewCode: text(row.storeViewCode),
    storeCode: text(row.storeCode),
    websiteCode: text(row.websiteCode),
    storeId: row.storeId ?? undefined,
    customerId: row.customerId ?? undefined,
    customerEmail: text(row.customerEmail),
    customerNote: text(row.customerNote),
    payment: present<OrderFeedItem['payment']>({
      billingAddress: addressOf('billing', addresses),
      paymentMethodName: methodTitle(information, column),
      paymentMethodCode: text(row.method),
      // Payment: the subtotal, not the grand total.
      totalAmount: decimal(row.subtotal),
      taxAmount: decimal(row.tax),
      currency: text(row.currency),
    }),
    shipping: present<OrderFeedItem['shipping']>({
      shippingAddress: addressOf('shipping', addresses),
      shippingMethodName: text(row.shippingDescription),
      shippingMethodCode: text(row.shippingMethod),
      shippingAmount: decimal(row.shippingAmount),
      shippingTax: decimal(row.shippingTax),
    }),
    items: parts.items,
    invoices: parts.invoices,
    creditMemos: parts.creditMemos,
    transactions: parts.transactions,
    shipments: parts.shipments,
    additionalInformation: informationList(information),
  });
}

// Addresses: of several of one type the last one counts.
function addressOf(
  type: 'billing' | 'shipping',
  rows: readonly AddressRow[] | undefined,
): Address | null {
  const row = rows?.findLast((each) => each[2] === type);
  if (row === undefined) return null;
  const [, , , telephone, region, postcode, street, city, country, firstname, lastname] = row;
  return present<Address>({
    phone: text(telephone),
    region: text(region),
    postcode: text(postcode),
    street: text(street),
    multiLineStreet: lines(street),
    city: text(city),
    country: text(country),
    firstname: text(firstname),
    lastname: text(lastname),
  });
}
