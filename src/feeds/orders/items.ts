import { informationList, isShippedTogether, readInformation } from './additional-information.js';
import { date, decimal, flag, present, text, whole } from './casts.js';
import type { OrderItem } from './contract.js';
import type { ItemRow } from './item-rows.js';
import { partUuid, type PartUuids } from './part-uuids.js';

/** @throws BrokenOrder where a column cannot be read. */
export function orderItem(row: ItemRow, uuids: PartUuids): OrderItem {
  const [
    id,
    ,
    uuid,
    parentId,
    isVirtual,
    qtyInvoiced,
    qtyShipped,
    qtyBackordered,
    qtyOrdered,
    qtyRefunded,
    qtyCanceled,
    productType,
    productOptions,
    ,
    sku,
    ,
    name,
    price,
    rowTotal,
    discount,
    tax,
    rowTotalWithTax,
    weight,
    updatedAt,
    additionalData,
  ] = row;
  return present<OrderItem>({
    itemId: partUuid(uuids.items, id, uuid, 'order item'),
    entityId: String(id),
    parentEntityId: text(parentId),
    isVirtual: flag(isVirtual),
    qtyInvoiced: decimal(qtyInvoiced),
    qtyShipped: decimal(qtyShipped),
    qtyBackordered: decimal(qtyBackordered),
    qtyOrdered: decimal(qtyOrdered),
    qtyRefunded: decimal(qtyRefunded),
    qtyCanceled: decimal(qtyCanceled),
    productType: text(productType),
    productOptions: text(productOptions),
    itemsShippedTogether: shippedTogether(id, productType, productOptions),
    sku: text(sku),
    productSku: productSku(row),
    name: text(name),
    qty: whole(qtyOrdered),
    unitPrice: decimal(price),
    itemPrice: decimal(rowTotal),
    discountAmount: decimal(discount),
    taxAmount: decimal(tax),
    totalAmount: decimal(rowTotalWithTax),
    weight: decimal(weight),
    updatedAt: date(updatedAt),
    additionalInformation:
      additionalData === null
        ? null
        : informationList(
            readInformation(additionalData, `additional_data of sales_order_item ${id}`),
          ),
  });
}

function shippedTogether(id: number, type: string | null, options: string | null): boolean {
  if (type === null || options === null) return false;
  if (type === 'configurable') return true;
  return (
    type === 'bundle' && isShippedTogether(options, `product_options of sales_order_item ${id}`)
  );
}

// Items: a configurable's or bundle's SKU is the one it has now, whatever its status; the item's
// own where the product is gone.
function productSku(row: ItemRow): string | null {
  const [type, sku, current] = [row[11], row[14], row[15]];
  return type === 'configurable' || type === 'bundle' ? (current ?? sku) : sku;
}
