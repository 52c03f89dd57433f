import { beforeAll, afterAll, describe, expect, test } from 'vitest';

import { runProgram, type ProgramResult } from '../../../test/program.js';
import { freshDatabase } from '../../../test/servers.js';
import { feedNamed } from '../../feeds/registry.js';
import { pendingEntities } from '../../store/pending.js';
import { recordRefusals } from '../../store/quarantine.js';
import { Store } from '../../store/store.js';
import { installStore } from './install.js';

const products = feedNamed('products');
const orders = feedNamed('orders');
const idOf = (n: number): string => String(n).padStart(40, '0');

let store: Store;
let url: string;

beforeAll(async () => {
  url = (await freshDatabase('quarantine')).url;
  await installStore(url, '');
  store = new Store({ databaseUrl: url });
  await row(products.table, 1, '{"sku":"A","storeViewCode":"default"}', 'name: too long');
  await row(products.table, 2, '{"sku":"B","storeViewCode":"default"}', 'name: too long');
  await row(
    orders.table,
    3,
    '{"commerceOrderId":"3","customerEmail":"jane@example.com"}',
    'jane@example.com is no address',
  );
  await refuse('products', products.table, 1);
  await refuse('products', products.table, 2);
  await refuse('orders', orders.table, 3);
});
afterAll(() => store.close());

describe('quarantine list', () => {
  test('prints what the service refused, with its answers', async () => {
    const { code, stdout } = await run('quarantine', 'list');
    expect(code).toBe(0);
    expect(stdout).toContain('A · default');
    expect(stdout).toContain('name: too long');
    expect(stdout).toContain(idOf(1));
  });

  test('masks personal data of orders, in payloads and answers, and keeps them only once', async () => {
    const { stdout } = await run('quarantine', 'list', '--feed', 'orders', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      {
        feed: 'orders',
        sourceId: 3,
        answer: '*** is no address',
        payload: { commerceOrderId: '3', customerEmail: '***' },
      },
    ]);
    expect(
      await store.rows(`SELECT payload, answer FROM refused_item WHERE feed = 'orders'`),
    ).toEqual([{ payload: null, answer: null }]);
  });

  test.each([
    ['an unknown feed', ['list', '--feed', 'product'], 'There is no feed'],
    ['a limit of text', ['list', '--limit', 'some'], '--limit takes'],
    ['no item', ['replay', '--feed', 'products'], 'Name feed ids'],
    ['an id that is none', ['ignore', '--feed', 'products', 'A'], 'is no feed id'],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await run('quarantine', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('ignore takes an item off it, replay sends another one again', async () => {
    const ignored = await run('quarantine', 'ignore', '--feed', 'products', idOf(2));
    expect(ignored).toMatchObject({ code: 0 });
    const replayed = await run('quarantine', 'replay', '--feed', 'products', idOf(1));
    expect(replayed.stdout).toContain('1 item of products queued');
    expect(await pendingEntities(store, 'products', 10)).toMatchObject([{ entityId: 1 }]);
    const { stdout } = await run('quarantine', 'list', '--feed', 'products');
    expect(stdout).toBe('Nothing is in quarantine.\n');
    const all = await run('quarantine', 'list', '--feed', 'products', '--ignored');
    expect(all.stdout).toContain(idOf(2));
    const again = await run('quarantine', 'replay', '--feed', 'products', idOf(1));
    expect(again.code).toBe(1);
  });
});

describe('items', () => {
  test('prints items of one status', async () => {
    const { code, stdout } = await run('items', '--feed', 'orders', '--status', 'failed', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        feedId: idOf(3),
        state: 'failed',
        error: '*** is no address',
        stored: { customerEmail: '***' },
      },
    ]);
    expect((await run('items', '--feed', 'orders', '--status', 'sent')).stdout).toBe(
      'There are no such items.\n',
    );
    expect((await run('items', '--feed', 'orders', '--status', 'bad')).code).toBe(2);
  });
});

async function row(table: string, n: number, json: string, error: string): Promise<void> {
  await store.run(
    `INSERT INTO ${store.t(table)}
       (feed_id, source_entity_id, feed_data, feed_hash, status, errors, modified_at)
     VALUES (?, ?, ?, ?, 1, ?, UTC_TIMESTAMP(3))`,
    [idOf(n), n, json, idOf(n), error],
  );
}

async function refuse(name: 'products' | 'orders', table: string, n: number): Promise<void> {
  const refusal = {
    feedId: idOf(n),
    sourceId: n,
    hash: idOf(n),
    payload: JSON.stringify({ sku: n === 1 ? 'A' : 'B', storeViewCode: 'default' }),
    answer: 'name: too long',
    httpStatus: 400,
    requestId: `r-${n}`,
    final: true,
  };
  const feed = { name, table, keepsPayload: name === 'orders' };
  await store.transaction((transaction) => recordRefusals(store, transaction, feed, [refusal], 5));
}

const run = (...args: readonly string[]): Promise<ProgramResult> =>
  runProgram(args, { EXPORT_DATABASE_URL: url });
