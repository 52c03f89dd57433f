import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import { compareFeed } from '../../sandbox/parity/comparison.js';
import type { Order } from './contract.js';
import { orders } from './feed.js';

type Rows = readonly Readonly<Record<string, string | number | null>>[];

const folder = process.env['PARITY_DATA'];

/** Expected values of the reference exporter for the same rows; see `ours` for what differs. */
describe.skipIf(folder === undefined)('the sample orders of the reference exporter', () => {
  let source: Readonly<Record<string, Rows>>;
  let shop: TestShop;

  beforeAll(async () => {
    source = JSON.parse(readFileSync(join(folder!, 'orders-sample-source.json'), 'utf8')) as never;
    shop = await TestShop.bare({ tables: Object.keys(source) });
    for (const [table, rows] of Object.entries(source)) {
      const key = { store_website: 'website_id', store_group: 'group_id', store: 'store_id' }[
        table
      ];
      await shop.insert(
        table,
        rows.filter((row) => key === undefined || row[key] !== 0),
      );
    }
    return () => shop.close();
  });

  test.each([
    ['one by one', 'orders-sample-single.jsonl'],
    ['as one batch', 'orders-sample.jsonl'],
  ])('come out as if each were alone, also where the reference made them %s', async (_, file) => {
    const single = expected('orders-sample-single.jsonl');
    const items = (await all()) as readonly Order[];
    expect(items).toHaveLength(19);
    expect(items).toEqual(
      expected(file).map((order, index) => ours(order, single[index]!, source)),
    );
  });

  test.each(['orders-sample-single.jsonl', 'orders-sample.jsonl'])(
    'differ from %s in nothing but what is documented',
    async (file) => {
      const items = (await all()) as Record<string, unknown>[];
      const reference: object[] = expected(file);
      expect(compareFeed('orders', reference as Record<string, unknown>[], items)).toMatchObject({
        reference: 19,
        different: 0,
        share: 1,
        paths: [],
      });
      // The date of an invoice that is wrong by an hour is no documented difference.
      const wrong = structuredClone(items);
      const [invoice] = wrong[0]!['invoices'] as { createdAt: string }[];
      invoice!.createdAt = '2026-11-20T05:55:00+00:00';
      const { different } = compareFeed('orders', wrong, items);
      expect(different).toBe(1);
    },
  );

  test('come out alike whatever page they are in', async () => {
    const whole = await all();
    for (const size of [1, 2, 7]) {
      const pages: unknown[] = [];
      for (let from = 1; from <= 21; from += size) {
        const ids = Array.from({ length: size }, (_each, index) => from + index);
        pages.push(...(await shop.collect(orders, { kind: 'ids', ids })).items);
      }
      expect(pages).toEqual(whole);
    }
  });

  async function all(): Promise<readonly unknown[]> {
    const ids = Array.from({ length: 21 }, (_, index) => index + 1);
    const { items, failures } = await shop.collect(orders, { kind: 'ids', ids });
    expect(failures).toEqual([]);
    return items;
  }
});

function expected(file: string): Order[] {
  return readFileSync(join(folder!, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Order)
    .sort((a, b) => Number(a.commerceOrderId) - Number(b.commerceOrderId));
}

/**
 * The order without what leaked into it from its batch: documents are dated by their own rows, and
 * each credit memo has its order's taxes, not only the first one.
 */
function ours(order: Order, alone: Order, source: Readonly<Record<string, Rows>>): Order {
  const dated = <Part extends { readonly entityId: string }>(
    parts: Part[] | null,
    table: string,
    key = 'entity_id',
  ) =>
    parts?.map((part) => {
      const row = source[table]!.find((each) => String(each[key]) === part.entityId);
      return { ...part, createdAt: `${String(row?.['created_at']).replace(' ', 'T')}+00:00` };
    }) ?? null;
  const taxes = alone.creditMemos?.[0]?.refundTaxes ?? null;
  const creditMemos = order.creditMemos?.map((memo) => ({ ...memo, refundTaxes: taxes })) ?? null;
  return {
    ...order,
    invoices: dated(order.invoices, 'sales_invoice'),
    creditMemos: dated(creditMemos, 'sales_creditmemo'),
    transactions: dated(order.transactions, 'sales_payment_transaction', 'transaction_id'),
  };
}
