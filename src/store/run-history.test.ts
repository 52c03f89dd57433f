import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { NO_COUNTS } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import { migrate } from './migrate.js';
import { findRun, findRuns, openRuns, pruneRuns } from './run-history.js';
import { closeRun, recordRunEnd, recordRunStart, type RunRequest } from './runs.js';
import { Store } from './store.js';

let store: Store;
let started = 0;

beforeAll(async () => {
  store = new Store({ databaseUrl: (await freshDatabase('audit')).url });
  await migrate(store, []);
});
afterAll(() => store.close());
beforeEach(() => store.run('DELETE FROM sync_run'));

function start(feed: FeedName, request: Partial<RunRequest> = {}): Promise<number> {
  return recordRunStart(store, {
    feed,
    operation: 'full sync',
    workflowId: `sync/${feed}`,
    workflowRunId: `run-${(started += 1)}`,
    launchedBy: 'resync-1',
    requestedBy: 'ada',
    reason: 'new prices',
    trigger: 'fullSync',
    options: { force: true },
    codeVersion: '0.1.0',
    contractVersion: 3,
    ...request,
  });
}

const END = { outcome: 'completed', sentence: 'Done.', counts: { ...NO_COUNTS, sent: 5 } } as const;

/** Makes a run as old as that. */
function age(run: number, days: number): Promise<number> {
  return store.run(
    `UPDATE sync_run SET started_at = started_at - INTERVAL ? DAY, ended_at = ended_at - INTERVAL ? DAY
     WHERE run_id = ?`,
    [days, days, run],
  );
}

describe('a run record', () => {
  test('holds who, why, how, with what and what came of it', async () => {
    const run = await start('products');
    const counts = { ...NO_COUNTS, sent: 5, held: 2, retries: 3, waited: 1500 };
    await recordRunEnd(store, run, { ...END, counts });
    expect(await findRun(store, run)).toMatchObject({
      runId: run,
      feed: 'products',
      operation: 'full sync',
      workflowId: 'sync/products',
      launchedBy: 'resync-1',
      requestedBy: 'ada',
      reason: 'new prices',
      trigger: 'fullSync',
      options: { force: true },
      codeVersion: '0.1.0',
      contractVersion: 3,
      outcome: 'completed',
      sentence: 'Done.',
      counts,
    });
  });

  test('is written once for a workflow run, and the first end stays', async () => {
    const run = await start('products', { workflowRunId: 'twice' });
    expect(await start('products', { workflowRunId: 'twice', reason: 'other' })).toBe(run);
    await recordRunEnd(store, run, END);
    const again = await recordRunEnd(store, run, { ...END, outcome: 'failed', sentence: 'No.' });
    expect(again).toMatchObject({ outcome: 'completed', sentence: 'Done.' });
    expect(await closeRun(store, run, { ...END, outcome: 'lost', endedAt: undefined })).toBe(false);
    expect(await findRun(store, run)).toMatchObject({ reason: 'new prices', outcome: 'completed' });
  });

  test('that was closed from outside stays so; the run itself gets its own end back', async () => {
    const run = await start('products');
    const endedAt = new Date('2020-01-01T00:00:00Z');
    expect(await closeRun(store, run, { ...END, outcome: 'terminated', endedAt })).toBe(true);
    expect(await recordRunEnd(store, run, END)).toEqual(END);
    const record = await findRun(store, run);
    expect(record?.outcome).toBe('terminated');
    // Not before it started, whatever the clocks say.
    expect(record?.endedAt).toBe(record?.startedAt);
  });

  test('takes names and ids of any length', async () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `sku-${index}`);
    const long = '😀'.repeat(1000);
    const run = await start('products', { launchedBy: long, requestedBy: long, options: { ids } });
    const record = await findRun(store, run);
    expect(record?.options['ids']).toHaveLength(20_000);
    expect(record?.launchedBy).toBe('😀'.repeat(255));
  });
});

describe('runs', () => {
  test('are found by feed, time, outcome and workflow, newest first', async () => {
    const old = await start('products');
    await recordRunEnd(store, old, END);
    await age(old, 10);
    const failed = await start('prices', { launchedBy: 'resync-2' });
    await recordRunEnd(store, failed, { ...END, outcome: 'failed' });
    const open = await start('prices', { launchedBy: 'resync-3' });
    const ids = async (filter: object): Promise<number[]> =>
      (await findRuns(store, { limit: 10, ...filter })).map(({ runId }) => runId);

    expect(await ids({})).toEqual([open, failed, old]);
    expect(await ids({ limit: 1 })).toEqual([open]);
    expect(await ids({ feeds: ['prices'] })).toEqual([open, failed]);
    expect(await ids({ since: new Date(Date.now() - 86_400_000) })).toEqual([open, failed]);
    expect(await ids({ outcomes: ['failed', 'completed'] })).toEqual([failed, old]);
    expect(await ids({ outcomes: ['running'] })).toEqual([open]);
    expect(await ids({ outcomes: ['running', 'failed'] })).toEqual([open, failed]);
    expect(await ids({ workflowId: 'resync-2' })).toEqual([failed]);
    expect(await ids({ workflowId: 'sync/products' })).toEqual([old]);
    expect(await ids({ feeds: ['prices'], outcomes: ['completed'] })).toEqual([]);
  });

  test('that are open are listed from the oldest on, but not those that began just now', async () => {
    const first = await start('products');
    await age(first, 1);
    const second = await start('prices');
    const open = (olderThanSeconds: number) => openRuns(store, { olderThanSeconds, limit: 10 });
    expect((await open(0)).map(({ runId }) => runId)).toEqual([first, second]);
    expect((await open(60)).map(({ runId }) => runId)).toEqual([first]);
  });

  test('past their age are removed, but never an open one or the last of a feed', async () => {
    const kept: number[] = [];
    for (let count = 0; count < 3; count++) {
      const run = await start('products');
      await recordRunEnd(store, run, END);
      await age(run, 400 - count);
    }
    const open = await start('prices');
    await age(open, 400);
    const lastOfPrices = await start('prices');
    await recordRunEnd(store, lastOfPrices, END);
    await age(lastOfPrices, 380);
    kept.push(open, lastOfPrices);
    const [lastOfProducts] = await findRuns(store, { feeds: ['products'], limit: 1 });

    expect(await pruneRuns(store, { days: 0, beat: () => undefined })).toBe(0);
    expect(await pruneRuns(store, { days: 365, beat: () => undefined })).toBe(2);
    const left = (await findRuns(store, { limit: 10 })).map(({ runId }) => runId);
    expect(left.sort()).toEqual([lastOfProducts!.runId, ...kept].sort());
  });
});

test('nothing but its own two files writes the audit', () => {
  const source = fileURLToPath(new URL('..', import.meta.url));
  const writers = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) =>
      /(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE)[^;]{0,40}'sync_run'/.test(
        readFileSync(`${source}/${file}`, 'utf8'),
      ),
    );
  expect(writers.sort()).toEqual(['store/run-history.ts', 'store/runs.ts']);
});
