import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { addOrder, link, ORDER_TABLES, orderShop, uuidOf } from '../../../test/order-shop.js';
import type { TestShop } from '../../../test/test-shop.js';
import type { Selection } from '../../commerce/selection.js';
import type { Collected } from '../feed.js';
import { feedValidator } from '../validation.js';
import type { Order } from './contract.js';
import { orders } from './feed.js';

let shop: TestShop;

beforeAll(async () => {
  shop = await orderShop({ tables: [...ORDER_TABLES], tablePrefix: 'm2_' });
  return () => shop.close();
});

afterEach(async () => {
  for (const table of ORDER_TABLES) await shop.run(`DELETE FROM {${table}}`);
  await shop.run('DELETE FROM {catalog_product_entity}');
});

const ids = (...list: readonly number[]): Selection => ({ kind: 'ids', ids: list });

async function collect(
  selection?: Selection,
): Promise<{ items: readonly Order[]; failures: Collected['failures'] }> {
  const { items, failures } = await shop.collect(orders, selection);
  return { items: items as readonly Order[], failures };
}

async function order(id: number): Promise<Order> {
  const { items, failures } = await collect(ids(id));
  expect(failures).toEqual([]);
  expect(items).toHaveLength(1);
  expect(feedValidator(orders)(items[0]!)).toEqual([]);
  return items[0]!;
}

describe('an order is exported', () => {
  test('only with a payment and a UUID', async () => {
    await addOrder(shop, 1);
    await addOrder(shop, 2, { payment: null });
    await addOrder(shop, 3, { linked: false });
    await link(shop, 'order_item', 3);
    const { items, failures } = await collect(ids(1, 2, 3, 4));
    expect(items.map((item) => item.commerceOrderId)).toEqual(['1']);
    expect(failures).toEqual([]);
  });

  test('with the last of several payments', async () => {
    await addOrder(shop, 1, { payment: { method: 'first' } });
    await shop.insert('sales_order_payment', [
      { entity_id: 9, parent_id: 1, method: 'last', additional_information: '{}' },
    ]);
    expect((await order(1)).payment.paymentMethodCode).toBe('last');
  });

  test('in a full sync within seven days, to the second, and by its id at any age', async () => {
    await addOrder(shop, 1, { order: { updated_at: '2026-11-14 22:40:08' } });
    await addOrder(shop, 2, { order: { updated_at: '2026-11-14 22:40:09' } });
    await addOrder(shop, 3, { order: { updated_at: '2026-11-21 22:00:00' } });
    const { items } = await collect();
    expect(items.map((item) => item.commerceOrderId)).toEqual(['2', '3']);
    expect(await shop.pages(orders, 1)).toEqual({
      total: 2,
      pages: [
        { kind: 'range', from: 2, to: 2 },
        { kind: 'range', from: 3, to: 3 },
      ],
    });
    expect((await order(1)).updatedAt).toBe('2026-11-14T22:40:08+00:00');
  });

  test('without codes once its store view is deleted', async () => {
    await addOrder(shop, 1, { order: { store_id: null } });
    await addOrder(shop, 2);
    expect(await order(1)).not.toHaveProperty('storeViewCode');
    expect(await order(1)).not.toHaveProperty('storeId');
    expect(await order(2)).toMatchObject({
      storeId: 1,
      storeViewCode: 'default',
      storeCode: 'main',
      websiteCode: 'base',
    });
  });
});

test('fields of columns are absent when they are NULL, computed ones are null', async () => {
  await addOrder(shop, 1);
  const item = await order(1);
  expect(item).toEqual({
    orderId: { id: uuidOf('order', 1) },
    commerceOrderId: '1',
    commerceOrderNumber: '#1',
    externalId: { id: '1', salesChannel: 'magento' },
    createdAt: '2026-11-21T12:00:00+00:00',
    updatedAt: '2026-11-21T12:00:00+00:00',
    state: 0,
    storeViewCode: 'default',
    storeCode: 'main',
    websiteCode: 'base',
    storeId: 1,
    payment: { billingAddress: null },
    shipping: { shippingAddress: null },
    items: null,
    invoices: null,
    creditMemos: null,
    transactions: null,
    shipments: null,
    additionalInformation: null,
  });
});

test('amounts have 14 significant digits, and whole quantities are cut', async () => {
  await addOrder(shop, 1, {
    order: { base_grand_total: '12345678901.2345', base_discount_amount: '-0.1000' },
    items: [{ qty_ordered: '2.7500', weight: '0.0001', base_price: '34.0000' }],
  });
  const item = await order(1);
  expect(item.grandTotal).toBe(12345678901.235);
  expect(item.discountAmount).toBe(-0.1);
  expect(item.items?.[0]).toMatchObject({
    qtyOrdered: 2.75,
    qty: 2,
    weight: 0.0001,
    unitPrice: 34,
  });
});

test.each([
  ['new', 1],
  ['payment_review', 8],
  ['RECEIVED', 9],
  ['REJECTED', 10],
  ['received', 0],
  ['New', 0],
  [null, 0],
])('the state %s is %d', async (state, expected) => {
  await addOrder(shop, 1, { order: { state } });
  expect((await order(1)).state).toBe(expected);
});

test('the last address of a type counts, and its street is split at line feeds only', async () => {
  await addOrder(shop, 1);
  const row = (id: number, type: string, street: string | null) => ({
    entity_id: id,
    parent_id: 1,
    address_type: type,
    street,
  });
  await shop.insert('sales_order_address', [
    row(3, 'billing', 'a\r\n\nb'),
    row(2, 'billing', 'old'),
    row(4, 'shipping', ''),
  ]);
  const item = await order(1);
  expect(item.payment.billingAddress).toEqual({
    street: 'a\r\n\nb',
    multiLineStreet: ['a\r', '', 'b'],
  });
  expect(item.shipping.shippingAddress).toEqual({ street: '', multiLineStreet: [''] });
});

describe('an item of an order', () => {
  test.each<[string, string | null, string | null, boolean]>([
    ['a configurable', 'configurable', '{}', true],
    ['a configurable without options', 'configurable', null, false],
    ['a bundle with shipment type 0', 'bundle', '{"shipment_type":"0"}', true],
    ['a bundle with shipment type 1', 'bundle', '{"shipment_type":1}', false],
    ['a bundle with a text that begins with no number', 'bundle', '{"shipment_type":"x"}', true],
    ['a bundle without a shipment type', 'bundle', '{"shipment_type":null}', false],
    ['a bundle with a list', 'bundle', '[]', false],
    ['a simple', 'simple', '{"shipment_type":0}', false],
    ['one without a type', null, '{"shipment_type":0}', false],
  ])('is shipped together or not: %s', async (_, type, options, expected) => {
    await addOrder(shop, 1, { items: [{ product_type: type, product_options: options }] });
    expect((await order(1)).items?.[0]?.itemsShippedTogether).toBe(expected);
  });

  test('has the SKU that a configurable or bundle has now, while it is there', async () => {
    await shop.insert('catalog_product_entity', [
      { entity_id: 7, sku: 'renamed', attribute_set_id: 4 },
    ]);
    await addOrder(shop, 1, {
      items: [
        { product_type: 'configurable', product_id: 7, sku: 'variant' },
        { product_type: 'bundle', product_id: 8, sku: 'gone' },
        { product_type: 'simple', product_id: 7, sku: 'simple' },
        { product_type: 'simple', sku: null },
      ],
    });
    const items = (await order(1)).items ?? [];
    expect(items.map((item) => item.productSku)).toEqual(['renamed', 'gone', 'simple', null]);
    expect(items.map((item) => item.sku)).toEqual(['variant', 'gone', 'simple', undefined]);
  });

  test('has no UUID in a preview where an export would make one', async () => {
    await addOrder(shop, 1, { items: [{}, {}] });
    await link(shop, 'order_item', 101);
    await shop.insert('sales_invoice', [{ entity_id: 5, order_id: 1 }]);
    const refer = (id: number, itemId: number) => ({
      entity_id: id,
      parent_id: 5,
      order_item_id: itemId,
      qty: 1,
    });
    await shop.insert('sales_invoice_item', [refer(1, 100), refer(2, 101)]);
    const item = await order(1);
    const linked = { id: uuidOf('order_item', 101) };
    expect(item.items?.map((each) => each.itemId)).toEqual([null, linked]);
    expect(item.invoices?.[0]?.invoiceItems?.map((each) => each.orderItemId)).toEqual([
      null,
      linked,
    ]);
  });

  test('that is gone still has its UUID where a document refers to it', async () => {
    await addOrder(shop, 1);
    await link(shop, 'order_item', 77);
    await shop.insert('sales_shipment', [{ entity_id: 5, order_id: 1 }]);
    await shop.insert('sales_shipment_item', [
      { entity_id: 1, parent_id: 5, order_item_id: 77, qty: 1 },
      { entity_id: 2, parent_id: 5, order_item_id: 78, qty: 1 },
    ]);
    expect((await order(1)).shipments?.[0]?.items).toEqual([
      { orderItemId: { id: uuidOf('order_item', 77) }, qtyShipped: 1 },
      { orderItemId: null, qtyShipped: 1 },
    ]);
  });
});

describe('what cannot be read stops its order alone:', () => {
  test.each<[string, Parameters<typeof addOrder>[2], string]>([
    [
      'payment information that is NULL',
      { payment: { additional_information: null } },
      'additional_information of sales_order_payment 2',
    ],
    [
      'payment information that is empty',
      { payment: { additional_information: '' } },
      'additional_information of sales_order_payment 2',
    ],
    [
      'payment information that is a text',
      { payment: { additional_information: '"x"' } },
      'additional_information of sales_order_payment 2',
    ],
    [
      'a title that is a list',
      { payment: { additional_information: '{"method_title":[]}' } },
      'method_title',
    ],
    [
      'item data that are a number',
      { items: [{ additional_data: '5' }] },
      'additional_data of sales_order_item 200',
    ],
    [
      'item data that are no JSON',
      { items: [{ additional_data: '{' }] },
      'additional_data of sales_order_item 200',
    ],
    [
      'options of a bundle that are no JSON',
      { items: [{ product_type: 'bundle', product_options: 'x' }] },
      'product_options of sales_order_item 200',
    ],
  ])('%s', async (_, rows, place) => {
    await addOrder(shop, 1);
    await addOrder(shop, 2, rows);
    await addOrder(shop, 3);
    const { items, failures } = await collect();
    expect(items.map((item) => item.commerceOrderId)).toEqual(['1', '3']);
    expect(failures).toMatchObject([{ sourceId: 2, identity: ['2'], code: 'CDE01-23' }]);
    expect(failures[0]?.message).toContain(place);
  });

  test.each(['invoice', 'shipment'])('an item of an %s that names no order item', async (kind) => {
    await addOrder(shop, 1);
    await addOrder(shop, 2);
    await shop.insert(`sales_${kind}`, [{ entity_id: 5, order_id: 2 }]);
    await shop.insert(`sales_${kind}_item`, [{ entity_id: 8, parent_id: 5, qty: 1 }]);
    const { items, failures } = await collect();
    expect(items.map((item) => item.commerceOrderId)).toEqual(['1']);
    expect(failures[0]?.message).toContain(`sales_${kind}_item 8`);
  });
});

test('options of other products, JSON or not, are exported as they are', async () => {
  await addOrder(shop, 1, { items: [{ product_options: 'a:1:{}' }] });
  expect((await order(1)).items?.[0]?.productOptions).toBe('a:1:{}');
});
