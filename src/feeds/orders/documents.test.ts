import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { addOrder, link, ORDER_TABLES, orderShop, uuidOf } from '../../../test/order-shop.js';
import type { TestShop } from '../../../test/test-shop.js';
import type { Order } from './contract.js';
import { orders } from './feed.js';
import type { OrderUuids } from './uuids.js';

let shop: TestShop;

beforeAll(async () => {
  shop = await orderShop();
  return () => shop.close();
});

afterEach(async () => {
  for (const table of ORDER_TABLES) await shop.run(`DELETE FROM {${table}}`);
});

async function order(id: number, from = shop, uuids?: OrderUuids): Promise<Order> {
  const { items, failures } = await from.collect(orders, { kind: 'ids', ids: [id] }, uuids);
  expect(failures).toEqual([]);
  return items[0] as Order;
}

describe('credit memos', () => {
  const memo = (id: number, orderId: number) => ({
    entity_id: id,
    order_id: orderId,
    created_at: `2026-11-2${id} 08:00:00`,
  });
  const comment = (id: number, memoId: number, text: string | null) => ({
    entity_id: id,
    parent_id: memoId,
    comment: text,
  });

  test('appear once for each of their comments, by comment, with all of them', async () => {
    await addOrder(shop, 1);
    await shop.insert('sales_creditmemo', [memo(2, 1), memo(1, 1)]);
    await shop.insert('sales_creditmemo_comment', [
      comment(6, 2, 'last'),
      comment(4, 2, 'first'),
      comment(5, 2, null),
    ]);
    const memos = (await order(1)).creditMemos ?? [];
    expect(memos.map((each) => [each.entityId, each.creditMemoComments])).toEqual([
      ['1', ['']],
      ['2', ['first', '', 'last']],
      ['2', ['first', '', 'last']],
      ['2', ['first', '', 'last']],
    ]);
  });

  test('each have the first tax of every type of their own order', async () => {
    await addOrder(shop, 1, { items: [{}] });
    await addOrder(shop, 2);
    await shop.insert('sales_creditmemo', [memo(1, 1), memo(2, 1), memo(3, 2)]);
    const tax = (id: number, orderId: number, priority: number, title: string) => ({
      tax_id: id,
      order_id: orderId,
      title,
      base_amount: id,
      priority,
      position: 0,
      process: 0,
    });
    await shop.insert('sales_order_tax', [
      tax(10, 1, 1, 'second'),
      tax(11, 1, 0, 'first'),
      tax(12, 2, 0, 'other order'),
    ]);
    const taxed = (id: number, taxId: number, type: string, itemId: number | null) => ({
      tax_item_id: id,
      tax_id: taxId,
      item_id: itemId,
      taxable_item_type: type,
      amount: 9,
    });
    await shop.insert('sales_order_tax_item', [
      taxed(1, 10, 'weee', null),
      taxed(2, 10, 'product', 100),
      taxed(3, 11, 'shipping', null),
      taxed(4, 11, 'product', 100),
      taxed(5, 12, 'product', null),
    ]);
    const first = [
      { taxName: 'first', taxType: 'product', taxAmount: 11 },
      { taxName: 'first', taxType: 'shipping', taxAmount: 11 },
      { taxName: 'second', taxType: 'weee', taxAmount: 10 },
    ];
    expect((await order(1)).creditMemos?.map((each) => each.refundTaxes)).toEqual([first, first]);
    expect((await order(2)).creditMemos?.map((each) => each.refundTaxes)).toEqual([
      [{ taxName: 'other order', taxType: 'product', taxAmount: 12 }],
    ]);
  });

  test('of an order without taxes have none, and dates of their own', async () => {
    await addOrder(shop, 1);
    await shop.insert('sales_creditmemo', [memo(3, 1)]);
    await shop.insert('sales_invoice', [
      { entity_id: 3, order_id: 1, created_at: '2026-11-01 00:00:00' },
    ]);
    await shop.insert('sales_payment_transaction', [
      { transaction_id: 3, order_id: 1, created_at: '2026-11-02 00:00:00', txn_type: 'capture' },
    ]);
    const item = await order(1);
    expect(item.creditMemos?.[0]).toMatchObject({
      refundTaxes: null,
      createdAt: '2026-11-23T08:00:00+00:00',
    });
    expect(item.invoices?.[0]?.createdAt).toBe('2026-11-01T00:00:00+00:00');
    expect(item.transactions).toEqual([
      { entityId: '3', type: 'capture', createdAt: '2026-11-02T00:00:00+00:00' },
    ]);
  });

  test('have items with what is left after the discount, and taxes under their own number', async () => {
    await addOrder(shop, 1, { items: [{}] });
    await shop.insert('sales_creditmemo', [memo(1, 1)]);
    await shop.insert('sales_creditmemo_item', [
      {
        entity_id: 50,
        parent_id: 1,
        order_item_id: 100,
        qty: 3,
        base_price: 1.1,
        base_discount_amount: 0.3,
      },
      {
        entity_id: 51,
        parent_id: 1,
        order_item_id: null,
        qty: null,
        base_price: null,
        base_discount_amount: 0.5,
      },
    ]);
    await shop.insert('sales_order_tax', [
      {
        tax_id: 1,
        order_id: 1,
        title: 'VAT',
        base_amount: 7,
        priority: 0,
        position: 0,
        process: 0,
      },
    ]);
    await shop.insert('sales_order_tax_item', [
      { tax_item_id: 1, tax_id: 1, item_id: 50, taxable_item_type: 'product', amount: 2.5 },
    ]);
    await link(shop, 'order_item', 100);
    expect((await order(1)).creditMemos?.[0]?.refundItems).toEqual([
      {
        orderItemId: { id: uuidOf('order_item', 100) },
        qtyRefunded: 3,
        basePrice: 1.1,
        baseRowTotal: 3,
        productTaxes: [{ taxName: 'VAT', taxType: 'product', taxAmount: 2.5 }],
      },
      { orderItemId: null, baseRowTotal: -0.5, productTaxes: null },
    ]);
  });
});

test('the last parcel of a shipment is told, if its order is there', async () => {
  await addOrder(shop, 1, { order: { protect_code: 'abc', shipping_method: 'ups_ground' } });
  await shop.insert('sales_shipment', [{ entity_id: 5, order_id: 1, increment_id: 'S5' }]);
  const track = (id: number, orderId: number) => ({
    entity_id: id,
    parent_id: 5,
    order_id: orderId,
    carrier_code: 'ups',
    track_number: `1Z${id}`,
  });
  await shop.insert('sales_shipment_track', [track(8, 1), track(7, 1), track(9, 404)]);
  expect((await order(1)).shipments?.[0]?.trackingInfo).toEqual({
    shippingCarrier: 'ups',
    shippingMethod: 'ups_ground',
    trackingNumber: '1Z8',
    trackingUrl: 'http://shop.test/shipping/tracking/popup?hash=dHJhY2tfaWQ6ODphYmM%7E',
  });
});

test('a page takes as many queries for forty orders as for one', async () => {
  for (let id = 1; id <= 40; id += 1) {
    await addOrder(shop, id, { items: [{}, {}] });
    await shop.insert('sales_invoice', [{ entity_id: id, order_id: id }]);
    await shop.insert('sales_shipment', [{ entity_id: id, order_id: id }]);
    await shop.insert('sales_creditmemo', [{ entity_id: id, order_id: id }]);
  }
  const queriesFor = async (ids: readonly number[]): Promise<number> => {
    const before = shop.queries;
    expect((await shop.collect(orders, { kind: 'ids', ids })).items).toHaveLength(ids.length);
    return shop.queries - before;
  };
  const all = Array.from({ length: 40 }, (_, index) => index + 1);
  expect(await queriesFor(all)).toBe(await queriesFor([1]));
});

test('neighbours that are not asked for or not linked leave no trace in a page', async () => {
  for (let id = 1; id <= 9; id += 1) {
    await addOrder(shop, id, { items: [{}], linked: id !== 5 });
    await shop.insert('sales_invoice', [{ entity_id: id, order_id: id }]);
  }
  const asked: number[] = [];
  const { items } = await shop.collect(
    orders,
    { kind: 'ids', ids: [2, 4, 5, 7] },
    {
      resolve(type, wanted) {
        if (type === 'order_item') asked.push(...wanted.map((want) => want.entityId));
        const linked = wanted.filter((want) => want.ofShop !== null);
        return Promise.resolve(new Map(linked.map((want) => [want.entityId, want.ofShop!])));
      },
    },
  );
  expect(items.map((item) => item['commerceOrderId'])).toEqual(['2', '4', '7']);
  expect(asked).toEqual([200, 400, 700]);
});

describe('in Adobe Commerce', () => {
  test('the SKU that a configurable has now is that of the version in force', async () => {
    const commerce = await orderShop({ edition: 'commerce' });
    try {
      const version = (row: number, sku: string, from: number, to: number) => ({
        row_id: row,
        entity_id: 7,
        sku,
        created_in: from,
        updated_in: to,
        attribute_set_id: 4,
      });
      await commerce.insert('catalog_product_entity', [
        version(1, 'now', 1, 1900000000),
        version(2, 'later', 1900000000, 2147483647),
      ]);
      await addOrder(commerce, 1, { items: [{ product_type: 'bundle', product_id: 7 }] });
      const items = (await order(1, commerce)).items ?? [];
      expect(items.map((item) => item.productSku)).toEqual(['now']);
    } finally {
      await commerce.close();
    }
  });
});

test('in a shop without a table of UUIDs only those kept elsewhere count', async () => {
  const bare = await orderShop({
    tables: ORDER_TABLES.filter((table) => table !== 'data_exporter_uuid'),
  });
  try {
    await addOrder(bare, 1, { items: [{}], linked: false });
    await bare.insert('sales_invoice', [{ entity_id: 1, order_id: 1 }]);
    await bare.insert('sales_invoice_item', [
      { entity_id: 1, parent_id: 1, order_item_id: 77, qty: 1 },
    ]);
    const kept: OrderUuids = {
      resolve: (type, wanted) =>
        Promise.resolve(
          new Map(wanted.map(({ entityId }) => [entityId, uuidOf(type, entityId)] as const)),
        ),
    };
    expect(await order(1, bare, kept)).toMatchObject({
      orderId: { id: uuidOf('order', 1) },
      items: [{ itemId: { id: uuidOf('order_item', 100) } }],
      invoices: [{ invoiceItems: [{ orderItemId: { id: uuidOf('order_item', 77) } }] }],
    });
    expect((await bare.collect(orders)).items).toEqual([]);
  } finally {
    await bare.close();
  }
});
