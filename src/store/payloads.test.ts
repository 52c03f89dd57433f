import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { migrate } from './migrate.js';
import { removeOldPayloads } from './payloads.js';
import { STATUS } from './settlements.js';
import { Store } from './store.js';

let store: Store;

beforeAll(async () => {
  store = new Store({ databaseUrl: (await freshDatabase('payloads')).url });
  await migrate(store, ['some_feed']);
  return () => store.close();
});

afterEach(async () => {
  await store.run('DELETE FROM some_feed');
});

interface Row {
  readonly feedId: string;
  readonly days: number;
  readonly status?: number;
  readonly deleted?: 0 | 1;
}

async function insert(rows: readonly Row[]): Promise<void> {
  for (const { feedId, days, status = STATUS.accepted, deleted = 0 } of rows) {
    await store.run(
      `INSERT INTO some_feed
         (feed_id, source_entity_id, feed_data, feed_hash, status, is_deleted, modified_at)
       VALUES (?, 1, '{"a":1}', 'hash', ?, ?, UTC_TIMESTAMP(3) - INTERVAL ? DAY)`,
      [feedId, status, deleted, days],
    );
  }
}

describe('payloads that are kept no longer', () => {
  test('are those of items that the service took long enough ago', async () => {
    await insert([
      { feedId: 'old', days: 31 },
      { feedId: 'young', days: 29 },
      { feedId: 'waiting', days: 31, status: STATUS.waiting },
      { feedId: 'retry', days: 31, status: STATUS.retry },
      { feedId: 'refused', days: 31, status: STATUS.refused },
      { feedId: 'deleted', days: 31, deleted: 1 },
    ]);
    expect(await removeOldPayloads(store, 'some_feed', 30)).toBe(1);
    expect(
      await store.rows(`SELECT feed_id, feed_hash, status FROM some_feed WHERE feed_data = ''`),
    ).toEqual([{ feed_id: 'old', feed_hash: 'hash', status: STATUS.accepted }]);
    expect(await removeOldPayloads(store, 'some_feed', 30)).toBe(0);
  });
});

test('an error of the database repeats neither the statement nor its values', async () => {
  const secret = 'ann@example.com';
  const failing = [
    store.run('INSERT INTO some_feed (feed_id, no_such_column) VALUES (?, 1)', [secret]),
    store.rows('SELECT ? FROM no_such_table', [secret]),
    store.transaction((transaction) =>
      store.run('UPDATE some_feed SET no_such_column = ?', [secret], transaction),
    ),
  ];
  for (const statement of failing) {
    const error: unknown = await statement.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    const { message, stack } = error as Error;
    expect(`${message}${stack}${JSON.stringify(error)}`).not.toContain(secret);
    expect(message).toMatch(/no_such/);
  }
});
