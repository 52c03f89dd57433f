import { Type, type Static } from 'typebox';

import { CreditMemo, Invoice, Shipment, Transaction } from './contract-documents.js';
import {
  AdditionalInformation,
  date,
  exact,
  listOrNull,
  nullable,
  UuidRef,
} from './contract-parts.js';

const { Optional, String: text, Number: decimal } = Type;

const Address = exact({
  phone: Optional(text()),
  region: Optional(text()),
  postcode: Optional(text()),
  street: Optional(text({ description: 'all lines, with their line feeds' })),
  multiLineStreet: nullable(
    Type.Array(text(), { minItems: 1, description: 'the lines of street' }),
  ),
  city: Optional(text()),
  country: Optional(text({ description: 'ISO 3166 code' })),
  firstname: Optional(text()),
  lastname: Optional(text()),
});

const Payment = exact({
  billingAddress: nullable(Address),
  paymentMethodName: Optional(text({ description: 'title when the order was placed' })),
  paymentMethodCode: Optional(text()),
  totalAmount: Optional(decimal({ description: 'the subtotal' })),
  taxAmount: Optional(decimal()),
  currency: Optional(text()),
});

const Shipping = exact({
  shippingAddress: nullable(Address),
  shippingMethodName: Optional(text()),
  shippingMethodCode: Optional(text()),
  shippingAmount: Optional(decimal()),
  shippingTax: Optional(decimal()),
});

const OrderItem = exact({
  itemId: UuidRef,
  entityId: text(),
  parentEntityId: Optional(text({ description: 'entity id of the parent item' })),
  isVirtual: Optional(Type.Boolean()),
  qtyInvoiced: Optional(decimal()),
  qtyShipped: Optional(decimal()),
  qtyBackordered: Optional(decimal()),
  qtyOrdered: Optional(decimal()),
  qtyRefunded: Optional(decimal()),
  qtyCanceled: Optional(decimal()),
  productType: Optional(text()),
  productOptions: Optional(text({ description: 'JSON text as Commerce keeps it' })),
  itemsShippedTogether: Type.Boolean(),
  sku: Optional(text({ description: 'SKU when the order was placed; the variant’s own' })),
  productSku: nullable(text({ description: 'SKU that a configurable or bundle has now' })),
  name: Optional(text()),
  qty: Optional(Type.Integer({ description: 'qtyOrdered without its fraction' })),
  unitPrice: Optional(decimal()),
  itemPrice: Optional(decimal({ description: 'row total without tax' })),
  discountAmount: Optional(decimal()),
  taxAmount: Optional(decimal()),
  totalAmount: Optional(decimal({ description: 'row total with tax' })),
  weight: Optional(decimal()),
  updatedAt: date,
  additionalInformation: AdditionalInformation,
});

/**
 * An order that owns a UUID. Amounts are in base currency, rounded to 14 significant digits. Times
 * are RFC 3339, UTC.
 */
export const Order = exact({
  orderId: Type.Object({ id: text({ description: 'UUID' }) }, { additionalProperties: false }),
  commerceOrderId: text({ minLength: 1, description: 'order id in Commerce' }),
  commerceOrderNumber: Optional(text({ description: 'number that customers see' })),
  externalId: exact({
    id: text({ description: 'order id in Commerce' }),
    salesChannel: text({ description: 'always magento' }),
  }),
  createdAt: date,
  updatedAt: date,
  state: Type.Integer({
    description:
      '1 new, 2 pending_payment, 3 processing, 4 complete, 5 closed, 6 canceled, 7 holded, 8 payment_review, 9 RECEIVED, 10 REJECTED, 0 anything else',
  }),
  status: Optional(text({ description: 'code' })),
  totalInvoiced: Optional(decimal()),
  totalQtyOrdered: Optional(decimal()),
  isVirtual: Optional(Type.Boolean()),
  subtotal: Optional(decimal()),
  grandTotal: Optional(decimal()),
  discountAmount: Optional(decimal({ description: 'negative or 0' })),
  currency: Optional(text({ description: 'base currency' })),
  amountCapturedOnline: Optional(decimal({ description: 'by the payment provider' })),
  amountRefundedOnline: Optional(decimal({ description: 'by the payment provider' })),
  amountAuthorized: Optional(decimal()),
  amountPaid: Optional(decimal()),
  amountRefunded: Optional(decimal()),
  amountCanceled: Optional(decimal()),
  storeViewCode: Optional(text({ description: 'absent once the store view is deleted' })),
  storeCode: Optional(text({ description: 'code of the store group' })),
  websiteCode: Optional(text()),
  storeId: Optional(Type.Integer({ description: 'id of the store view' })),
  customerId: Optional(Type.Integer({ description: 'absent for guests' })),
  customerEmail: Optional(text()),
  customerNote: Optional(text()),
  payment: Payment,
  shipping: Shipping,
  items: listOrNull(OrderItem),
  invoices: listOrNull(Invoice),
  creditMemos: listOrNull(CreditMemo),
  transactions: listOrNull(Transaction),
  shipments: listOrNull(Shipment),
  additionalInformation: AdditionalInformation,
  deleted: Optional(Type.Boolean({ description: 'always false' })),
  modifiedAt: Optional(text({ description: 'RFC 3339, UTC' })),
});

export type Order = Static<typeof Order>;
export type Address = Static<typeof Address>;
export type OrderItem = Static<typeof OrderItem>;
