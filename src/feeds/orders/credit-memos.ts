import { date, decimal, listOrNull, present, rounded, text, uuidRef, whole } from './casts.js';
import type { CreditMemo, RefundItem, Tax } from './contract-documents.js';
import type { CommentRow, CreditMemoItemRow, CreditMemoRow, TaxRow } from './document-rows.js';
import { partUuid, type PartUuids } from './part-uuids.js';

/** Taxes as payloads list them: by priority, position, tax, taxed item. */
export function inTaxOrder(taxes: readonly TaxRow[]): TaxRow[] {
  return [...taxes].sort(
    (a, b) =>
      a[4] - b[4] || a[5] - b[5] || a[0] - b[0] || (a[7] ?? -1) - (b[7] ?? -1) || a[6] - b[6],
  );
}

/**
 * The credit memo, once for each of its comments, as the reference exporter has it; once where it
 * has none.
 *
 * @param taxes all taxes of the order, in `inTaxOrder`.
 * @throws BrokenOrder where its UUID could not be taken over.
 */
export function creditMemos(
  row: CreditMemoRow,
  items: readonly CreditMemoItemRow[] | undefined,
  comments: readonly CommentRow[] | undefined,
  taxes: readonly TaxRow[],
  uuids: PartUuids,
): CreditMemo[] {
  const [
    id,
    ,
    uuid,
    state,
    createdAt,
    shipping,
    shippingTax,
    adjustment,
    currency,
    subtotal,
    tax,
    grandTotal,
    incrementId,
  ] = row;
  const memo = present<CreditMemo>({
    creditMemoId: partUuid(uuids.creditMemos, id, uuid, 'credit memo'),
    entityId: String(id),
    state: whole(state),
    createdAt: date(createdAt),
    creditMemoComments: comments?.map(([, , comment]) => comment ?? '') ?? [''],
    shippingAmount: decimal(shipping),
    shippingTaxAmount: decimal(shippingTax),
    adjustment: decimal(adjustment),
    currency: text(currency),
    refundTaxes: refundTaxes(taxes),
    subtotal: decimal(subtotal),
    productsTaxAmount: decimal(tax),
    grandTotal: decimal(grandTotal),
    commerceCreditMemoNumber: text(incrementId),
    refundItems: listOrNull(items?.map((item) => refundItem(item, taxes, uuids))),
  });
  return Array.from({ length: comments?.length ?? 1 }, () => memo);
}

// Credit memos: of each type of tax the order's first one, with its whole amount.
function refundTaxes(taxes: readonly TaxRow[]): Tax[] | null {
  const first = new Map<string, Tax>();
  for (const [, , title, baseAmount, , , , , type] of taxes) {
    if (first.has(type)) continue;
    first.set(
      type,
      present<Tax>({ taxName: text(title), taxType: type, taxAmount: decimal(baseAmount) }),
    );
  }
  const types = [...first.keys()].sort();
  return listOrNull(types.flatMap((type) => first.get(type) ?? []));
}

function refundItem(
  [id, , orderItemId, quantity, price, discount]: CreditMemoItemRow,
  taxes: readonly TaxRow[],
  uuids: PartUuids,
): RefundItem {
  return present<RefundItem>({
    orderItemId: uuidRef(orderItemId === null ? undefined : uuids.items.get(orderItemId)),
    qtyRefunded: decimal(quantity),
    basePrice: decimal(price),
    baseRowTotal: rounded(Number(quantity) * Number(price) - Number(discount)),
    productTaxes: listOrNull(productTaxes(id, taxes)),
  });
}

// Credit memos: the reference exporter looks the taxes of an *order* item up under the number of
// the *credit memo* item, so that there are hardly ever any, and then unrelated ones.
function productTaxes(creditMemoItemId: number, taxes: readonly TaxRow[]): Tax[] {
  return taxes
    .filter(([, , , , , , , itemId]) => itemId === creditMemoItemId)
    .map(([, , title, , , , , , type, amount]) =>
      present<Tax>({ taxName: text(title), taxType: type, taxAmount: decimal(amount) }),
    );
}
