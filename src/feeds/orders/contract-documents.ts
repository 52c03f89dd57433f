import { Type, type Static } from 'typebox';

import { date, exact, listOrNull, nullable, UuidRef } from './contract-parts.js';

const { Optional, String: text, Number: decimal } = Type;

export const Invoice = exact({
  entityId: text(),
  isUsedForRefund: Optional(Type.Boolean()),
  grandTotal: Optional(decimal()),
  createdAt: date,
  commerceInvoiceNumber: Optional(text()),
  invoiceItems: listOrNull(exact({ orderItemId: UuidRef, qtyInvoiced: Optional(decimal()) })),
});

export const Transaction = exact({
  entityId: text(),
  txnId: Optional(text()),
  type: Optional(text()),
  createdAt: date,
});

/** Of several parcels, the last one’s tracking is told. */
export const Shipment = exact({
  shipmentId: UuidRef,
  createdAt: date,
  updatedAt: date,
  trackingInfo: nullable(
    exact({
      shippingCarrier: Optional(text()),
      shippingMethod: Optional(text()),
      trackingNumber: Optional(text()),
      trackingUrl: text({ description: 'page of the default store view' }),
    }),
  ),
  commerceShipmentNumber: Optional(text()),
  items: listOrNull(exact({ orderItemId: UuidRef, qtyShipped: Optional(decimal()) })),
});

const Tax = exact({
  taxName: Optional(text()),
  taxType: text({ description: 'product, shipping, weee, …' }),
  taxAmount: Optional(decimal()),
});

const RefundItem = exact({
  orderItemId: UuidRef,
  qtyRefunded: Optional(decimal()),
  basePrice: Optional(decimal()),
  baseRowTotal: decimal({ description: 'quantity × price − discount' }),
  productTaxes: listOrNull(Tax),
});

export const CreditMemo = exact({
  creditMemoId: UuidRef,
  entityId: text(),
  state: Optional(Type.Integer({ description: '1 open, 2 refunded, 3 cancelled' })),
  createdAt: date,
  creditMemoComments: Type.Array(text(), {
    minItems: 1,
    description: 'one empty comment where there is none',
  }),
  shippingAmount: Optional(decimal()),
  shippingTaxAmount: Optional(decimal()),
  adjustment: Optional(decimal()),
  currency: Optional(text()),
  refundTaxes: listOrNull(Tax),
  subtotal: Optional(decimal()),
  productsTaxAmount: Optional(decimal()),
  grandTotal: Optional(decimal()),
  commerceCreditMemoNumber: Optional(text()),
  refundItems: listOrNull(RefundItem),
});

export type Invoice = Static<typeof Invoice>;
export type Transaction = Static<typeof Transaction>;
export type Shipment = Static<typeof Shipment>;
export type Tax = Static<typeof Tax>;
export type RefundItem = Static<typeof RefundItem>;
export type CreditMemo = Static<typeof CreditMemo>;
