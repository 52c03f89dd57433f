import { ScheduleNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetch } from 'undici';

import { freePort } from '../src/worker/metrics/metrics-server.js';
import { queueEntities } from '../src/store/pending.js';
import { runProgram } from './program.js';
import { TestSystem } from './system.js';

let system: TestSystem;
let port: number;
let records: Record<string, unknown>[];

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 60, storeViews: 2, websites: 1 } });
  port = await freePort();
  await system.startWorker({
    METRICS_PORT: String(port),
    EXPORTER_PROFILER: '1',
    EXPORTER_EXTENDED_LOG: '1',
    EXPORTER_LOG_PROGRESS_INTERVAL: '0',
    SERVICE_HEADERS: '{"x-tenant":"hidden-tenant"}',
    LOG_FORMAT: 'json',
  });
  system.proxy.fault = ({ number }) => {
    if (number === 1) return { status: 429, headers: { 'retry-after': '3' } };
    return number === 2 ? { status: 503, body: 'no' } : {};
  };
  await system.fullSync({ feeds: ['products'] });
  await system.fullSync({ feeds: ['ratingMetadata'] });
  await system.fullSync({ feeds: ['products'], dryRun: true, force: true });
  await queueEntities(system.store, 'products', [1]);
  await system.partialSync({ feeds: ['products'] });
  records = await system.workerRecords();
});
afterAll(() => system.stop());

const of = (fields: Record<string, unknown>): Record<string, unknown>[] =>
  records.filter((record) => Object.entries(fields).every(([key, value]) => record[key] === value));

describe('the log', () => {
  test('tells a full sync from start to end, in the words of the reference exporter', () => {
    const { run } = of({ feed: 'products', operation: 'full sync', status: 'Initialize' })[0]!;
    const statuses = of({ feed: 'products', operation: 'full sync', run })
      .filter(({ level }) => level === 'info')
      .map(({ status }) => String(status))
      .filter((status) => status !== 'payload');
    expect(statuses.slice(0, 4)).toEqual([
      'Initialize',
      'Creating batch table `sync_segment`. Start position: 0',
      expect.stringMatching(/^Batch table `sync_segment` created. Total Items: 60, batches: ~\d+$/),
      'start processing `60` items in `1` threads with `100` batch size',
    ]);
    expect(statuses.slice(-2)).toEqual([
      expect.stringMatching(/^Progress (\d+)\/\1, processed 60, synced \d+$/),
      'Complete',
    ]);
  });

  test('names run, workflow, process and time in each record of a run', () => {
    for (const record of of({ feed: 'products', operation: 'full sync', status: 'Complete' })) {
      expect(record).toMatchObject({
        level: 'info',
        elapsed: expect.stringMatching(/^(\d+ ms|\d\d:\d\d:\d\d \d{3} ms)$/) as string,
        pid: expect.any(Number) as number,
        caller: 'fullSync',
        workflow: expect.stringMatching(/(sync|dry-run)\/products/) as string,
        workflowRun: expect.any(String) as string,
        time: expect.stringMatching(/Z$/) as string,
      });
    }
  });

  test('calls the halves of a legacy feed’s sync by their names', () => {
    const operations = new Set(of({ feed: 'ratingMetadata' }).map(({ operation }) => operation));
    expect([...operations]).toEqual(
      expect.arrayContaining(['full reindex(legacy)', 'full sync(legacy)']),
    );
  });

  test('tells a partial sync', () => {
    expect(of({ feed: 'products', operation: 'partial sync' }).map(({ status }) => status)).toEqual(
      expect.arrayContaining(['Initialize', 'Complete']),
    );
  });

  test('tells a failed request with its route and id, and no secret', () => {
    const refused = records.filter(({ code }) => code === 'CDE02-07' || code === 'CDE02-08');
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([429, 503]);
    for (const record of refused) {
      expect(record).toMatchObject({
        level: 'warn',
        environmentId: '11111111-2222-3333-4444-555555555555',
        route: expect.stringContaining('products') as string,
        baseUri: system.proxy.url,
        headers: { 'x-api-key': '***', 'x-tenant': '***', 'content-encoding': 'gzip' },
      });
    }
    expect(JSON.stringify(records)).not.toContain('hidden-tenant');
    expect(JSON.stringify(records)).not.toContain('system-test"');
  });

  test('holds each payload where the extended log is on, of a dry run too', () => {
    const sent = of({ feed: 'products', status: 'payload' });
    const withRequest = sent.filter(({ requestId }) => requestId !== undefined);
    expect(withRequest.length).toBeGreaterThan(0);
    expect(sent.filter(({ run }) => run === undefined).length).toBeGreaterThan(0);
    for (const { payload } of sent) {
      expect(payload).toContainEqual(
        expect.objectContaining({ sku: expect.any(String) as string }),
      );
    }
  });

  test('profiles each step: entities, seconds and peak memory', () => {
    const profile = of({ operation: 'profile', feed: 'products' }).filter(
      ({ part }) => part === undefined,
    );
    expect(new Set(profile.map(({ step }) => step))).toEqual(
      new Set(['collect', 'hash', 'compare', 'request', 'settle']),
    );
    expect(profile[0]).toMatchObject({
      entities: expect.any(Number) as number,
      seconds: expect.any(Number) as number,
      peakMemoryMb: expect.any(Number) as number,
      status: expect.stringMatching(/^\w+: \d+ entities, \d+\.\d{5} s, peak [\d.]+ MB$/) as string,
    });
  });
});

describe('the profiler', () => {
  test('tells what each kind of query of a page took, and the making of items', () => {
    const parts = of({ operation: 'profile', feed: 'products', step: 'collect' }).filter(
      ({ part }) => part !== undefined,
    );
    expect(parts.map(({ part }) => part)).toEqual(
      expect.arrayContaining(['SELECT catalog_product_entity', 'make items']),
    );
    for (const { entities, seconds, status } of parts) {
      expect(entities).toEqual(expect.any(Number));
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(status).toMatch(/^\|_ [\w ]+: \d+ entities, \d+\.\d{5} s, peak [\d.]+ MB$/);
    }
    const items = parts.find(({ part }) => part === 'make items');
    expect(items?.['entities']).toBeGreaterThanOrEqual(60);
  });
});

describe('the metrics', () => {
  /** Values by name and labels, as Prometheus reads them. */
  async function metrics(): Promise<ReadonlyMap<string, number>> {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(response.status).toBe(200);
    const lines = (await response.text()).split('\n').filter((line) => /^[a-z]/.test(line));
    return new Map(
      lines.map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
    );
  }

  test('count requests, items, waits and runs, and measure steps', async () => {
    const values = await metrics();
    expect(values.get('saas_export_requests_total{feed="products",status="429"}')).toBe(1);
    expect(values.get('saas_export_requests_total{feed="products",status="503"}')).toBe(1);
    expect(values.get('saas_export_requests_total{feed="products",status="200"}')).toBeGreaterThan(
      0,
    );
    const held = (await system.held('products')).length;
    expect(values.get('saas_export_items_total{feed="products",outcome="accepted"}')).toBe(held);
    expect(
      values.get('saas_export_wait_seconds_total{feed="products",reason="slow down"}'),
    ).toBeGreaterThan(1);
    expect(
      values.get(
        'saas_export_runs_total{feed="products",operation="full sync",outcome="completed"}',
      ),
    ).toBeGreaterThan(0);
    for (const step of ['collect', 'hash', 'compare', 'request', 'settle']) {
      expect(
        values.get(`saas_export_step_duration_seconds_count{feed="products",step="${step}"}`),
        step,
      ).toBeGreaterThan(0);
    }
    expect(values.get('saas_export_commerce_queries_total')).toBeGreaterThan(10);
  });

  test('tell the state of each feed, and what Temporal’s SDK measures', async () => {
    const values = await metrics();
    const held = (await system.held('products')).length;
    expect(values.get('saas_export_state_readable')).toBe(1);
    expect(values.get('saas_export_items{feed="products",status="accepted"}')).toBe(held);
    expect(values.get('saas_export_lag_seconds{feed="products"}')).toBe(0);
    expect(values.get('saas_export_backlog_entities{feed="products"}')).toBe(0);
    expect(values.get('saas_export_retry_seconds{feed="products"}')).toBe(0);
    expect(values.get('saas_export_quarantined_items{feed="products"}')).toBe(0);
    expect(values.get('saas_export_last_run_failed{feed="products"}')).toBe(0);
    expect(values.get('saas_export_capture_gaps')).toBe(0);
    expect([...values.keys()].some((name) => name.startsWith('temporal_'))).toBe(true);
    expect([...values.keys()].some((name) => name.startsWith('process_cpu'))).toBe(true);
  });

  test('have no other path', async () => {
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  });
});

test('what the service holds is not touched by being looked at', async () => {
  await system.expectConverged(['products', 'ratingMetadata']);
});

test('a worker whose metrics port is taken says so, and has changed nothing on the Temporal server', async () => {
  const instance = `late-${system.instance}`;
  const result = await runProgram(['worker'], {
    ...system.settings,
    EXPORT_INSTANCE: instance,
    METRICS_PORT: String(port),
    APPLY_SCHEDULES: '1',
  });
  expect(result.stderr).toContain(`SDE20-05 METRICS_PORT: port ${port} of 127.0.0.1 is in use`);
  expect(result.code).toBe(2);
  const schedule = system.client.schedule.getHandle(`${instance}-saas-export-partial-sync`);
  await expect(schedule.describe()).rejects.toThrow(ScheduleNotFoundError);
});
