import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { closeAbandonedRuns } from '../src/activities/abandoned-runs.js';
import type { RunDocument } from '../src/client/run-document.js';
import { findRuns } from '../src/store/run-history.js';
import { recordRunStart } from '../src/store/runs.js';
import { runProgram } from './program.js';
import { TestSystem } from './system.js';

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 400, storeViews: 2 } });
  await system.startWorker();
});
afterAll(() => system.stop());

function sweep(): ReturnType<typeof closeAbandonedRuns> {
  return closeAbandonedRuns(system.store, system.client, {
    graceSeconds: 0,
    beat: () => undefined,
  });
}

describe('a run that is terminated from outside', () => {
  test('is closed in the audit with who did it and how far it came, and no later than that', async () => {
    system.proxy.fault = () => ({ delayMs: 100 });
    await system.startFullSync({ feeds: ['products'], batchSize: 10, requestedBy: 'ada' });
    await system.proxy.seen(3);
    expect(await sweep()).toEqual([]);

    const handle = system.client.workflow.getHandle(`${system.instance}/sync/products`);
    await handle.terminate('the shop is on fire');
    const [closed, ...others] = await sweep();
    expect(others).toEqual([]);
    expect(closed).toMatchObject({ feed: 'products', outcome: 'terminated' });
    expect(closed?.sentence).toMatch(
      /^Full sync of products was terminated by \S+ \(the shop is on fire\), after \d+ entities and \d+ items sent;/,
    );
    expect(await sweep()).toEqual([]);
    const [run] = await findRuns(system.store, { limit: 1 });
    expect(run).toMatchObject({ outcome: 'terminated', requestedBy: 'ada' });
    expect(await system.store.rows('SELECT * FROM sync_segment')).toEqual([]);
    system.proxy.fault = () => ({});
  });

  test('does not keep the next one from bringing the service up to date', async () => {
    const result = await system.fullSync({ feeds: ['products'], reason: 'after the fire' });
    expect(result.outcome).toBe('completed');
    await system.expectConverged(['products']);
  });
});

test('a run that Temporal knows no more is closed as lost', async () => {
  const run = await recordRunStart(system.store, {
    feed: 'prices',
    operation: 'full sync',
    workflowId: `${system.instance}/sync/prices`,
    workflowRunId: '00000000-0000-4000-8000-000000000000',
    launchedBy: undefined,
    requestedBy: undefined,
    reason: undefined,
    trigger: 'fullSync',
    options: {},
    codeVersion: '0.1.0',
    contractVersion: 1,
  });
  expect(await sweep()).toMatchObject([{ runId: run, outcome: 'lost' }]);
});

describe('history', () => {
  const ask = (...args: readonly string[]) => runProgram(['history', ...args], system.settings);

  test('lists runs newest first, as a table, as JSON and as CSV', async () => {
    const text = await ask();
    expect(text.code).toBe(0);
    expect(text.stdout.split('\n')[1]).toMatch(/prices\s+full sync\s+lost/);
    expect(text.stdout).toMatch(/products\s+full sync\s+terminated\s+.*ada/);

    const runs = JSON.parse((await ask('--json', '--feed', 'products')).stdout) as RunDocument[];
    expect(runs.map(({ outcome }) => outcome)).toEqual(['completed', 'terminated']);
    expect(runs[0]).toMatchObject({ reason: 'after the fire', feed: 'products' });
    expect(runs[0]?.startedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);

    const csv = (await ask('--csv', '--outcome', 'terminated')).stdout.trimEnd().split('\r\n');
    expect(csv).toHaveLength(2);
    expect(csv[0]).toMatch(/^run,feed,operation,outcome,startedAt,.*,held,retries,waited$/);
    expect(csv[1]).toContain('"Full sync of products was terminated');
  });

  test('shows one run with everything that is known of it', async () => {
    const [newest] = JSON.parse(
      (await ask('--json', '--feed', 'products')).stdout,
    ) as RunDocument[];
    const { stdout } = await ask(String(newest?.run));
    for (const line of [
      /^Full sync of products: \d+ entities/m,
      /^reason +after the fire$/m,
      /^workflow +test-\w+\/sync\/products$/m,
      /^options +\{\}$/m,
      /^requests +\d+$/m,
      /^held +0$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    const launched = await ask(newest?.launchedBy ?? '', '--json');
    expect((JSON.parse(launched.stdout) as RunDocument[]).map(({ run }) => run)).toEqual([
      newest?.run,
    ]);
  });

  test.each([
    [['999999'], 1, 'SDE40-13 There is no run 999999'],
    [['no-such-workflow'], 1, 'SDE40-13 No run of or by the workflow no-such-workflow'],
    [['--outcome', 'finished'], 2, 'There is no outcome “finished”. Outcomes: completed,'],
    [['--since', 'yesterday'], 2, '--since takes a time such as'],
    [['--since', '2026-02-31T99:00'], 2, '--since takes a time such as'],
    [['--limit', '0'], 2, '--limit takes a whole number'],
    [['--feed', 'produkte'], 2, 'SDE10-02'],
    [['--json', '--csv'], 2, '--json does not go with --csv'],
  ])('%j ends with exit code %i and says why', async (args, code, message) => {
    const result = await ask(...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(message);
  });

  test('since an age or a time leaves out what is older', async () => {
    const count = async (since: string): Promise<number> =>
      (JSON.parse((await ask('--json', '--since', since)).stdout) as RunDocument[]).length;
    expect(await count('1h')).toBe(3);
    expect(await count('2020-01-01')).toBe(3);
    expect(await count('2999-01-01T00:00:00+02:00')).toBe(0);
  });
});
