import type { SqlValue } from '../bulk-writer.js';
import type { Catalog } from '../catalog.js';
import { timestamp } from '../dates.js';
import { inBothCurrencies, type LineAmounts, type OrderAmounts } from './amounts.js';
import type { Order, OrderLine } from './order.js';
import { linkOf } from './uuid-writer.js';

/** The top-level item of a line, as invoices, shipments and credit memos refer to it. */
export interface WrittenItem {
  readonly id: number;
  readonly line: OrderLine;
  readonly amounts: LineAmounts;
}

/** Writes the items of an order, children after their parents, and the order’s tax. */
export function itemWriter(
  catalog: Catalog,
): (order: Order, amounts: OrderAmounts) => WrittenItem[] {
  const { writer } = catalog;
  let lastItemId = 0;
  return (order, amounts) => {
    const link = linkOf(catalog, order);
    const items = order.lines.flatMap((line, at): WrittenItem[] => {
      const of = amounts.lines[at];
      if (of === undefined) return [];
      const id = writeItem(order, line, of, null);
      for (const child of line.children) {
        writeItem(
          order,
          {
            ...line,
            product: { ...line.product, ...child, type: 'simple', parts: { kind: 'none' } },
            children: [],
          },
          { ...of, price: 0, rowTotal: 0, tax: 0, discount: 0 },
          id,
        );
      }
      return [{ id, line, amounts: of }];
    });
    writeTax(order, amounts, items);
    return items;

    function writeItem(
      { id: orderId, kind, store, virtual, createdAt, updatedAt }: Order,
      { product, quantity }: OrderLine,
      { price, rowTotal, tax, discount }: LineAmounts,
      parentId: number | null,
    ): number {
      lastItemId += 1;
      const id = lastItemId;
      writer.records('sales_order_item', [
        {
          item_id: id,
          order_id: orderId,
          parent_item_id: parentId,
          store_id: store?.id ?? null,
          created_at: timestamp(createdAt),
          updated_at: timestamp(updatedAt),
          product_id: product.entityId,
          product_type: product.type,
          product_options: productOptions(product.type, quantity),
          weight: virtual ? null : 1.25,
          is_virtual: virtual ? 1 : 0,
          sku:
            product.type === 'configurable'
              ? (order.lines.find((line) => line.product === product)?.children[0]?.sku ??
                product.sku)
              : product.sku,
          name: product.name,
          additional_data: orderId % 9 === 4 ? '{"gift":"Wrap","nested":{"a":[1,2,null]}}' : null,
          qty_ordered: quantity,
          qty_invoiced: kind.invoiced ? quantity : 0,
          qty_shipped: kind.shipped === 'fully' ? quantity : 0,
          qty_refunded: kind.refunded === 'fully' ? quantity : 0,
          qty_canceled: kind.state === 'canceled' ? quantity : 0,
          qty_backordered: null,
          tax_percent: tax === 0 ? 0 : 8.25,
          ...inBothCurrencies(
            {
              price,
              row_total: rowTotal,
              row_total_incl_tax: rowTotal + tax,
              tax_amount: tax,
              discount_amount: discount,
              original_price: price,
              price_incl_tax: price + tax / quantity,
            },
            1,
          ),
        },
      ]);
      if (order.linked) link('order_item', id);
      return id;
    }
  };

  function writeTax(
    { id: orderId }: Order,
    { tax }: OrderAmounts,
    items: readonly WrittenItem[],
  ): void {
    if (tax === 0) return;
    const header = writer.table('sales_order_tax', taxColumns);
    const taxId = header.nextId();
    header.add(taxId, orderId, 'US-MI-*-Rate 1', 'US-MI-*-Rate 1', 8.25, tax, 0, 0, tax, 0, tax);
    writer.records(
      'sales_order_tax_item',
      items.map(({ id, amounts }) => ({
        tax_id: taxId,
        item_id: id,
        tax_percent: 8.25,
        ...inBothCurrencies({ amount: amounts.tax }, 1),
        real_amount: amounts.tax,
        real_base_amount: amounts.tax,
        taxable_item_type: 'product',
      })),
    );
  }
}

const taxColumns = [
  'tax_id',
  'order_id',
  'code',
  'title',
  'percent',
  'amount',
  'priority',
  'position',
  'base_amount',
  'process',
  'base_real_amount',
] as const;

function productOptions(type: string, quantity: number): SqlValue {
  const request = { info_buyRequest: { qty: String(quantity) } };
  switch (type) {
    case 'bundle':
      return JSON.stringify({ ...request, product_calculations: 1, shipment_type: '0' });
    case 'configurable':
      return JSON.stringify({ ...request, simple_name: 'As chosen', product_calculations: 1 });
    default:
      return JSON.stringify(request);
  }
}
