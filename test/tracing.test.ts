import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { workflowBundle } from '../src/worker/bundle.js';
import { feedSyncId } from '../src/workflows/names.js';
import { runProgram } from './program.js';
import { TestSystem } from './system.js';

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly object[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

let system: TestSystem;
let receiver: Server;
let settings: Record<string, string>;
let text = '';
let headers: unknown[] = [];
const spans: OtlpSpan[] = [];

beforeAll(async () => {
  receiver = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => {
      text += body;
      headers.push(incoming.headers['x-tracing-key']);
      if (incoming.url === '/v1/traces') {
        for (const { scopeSpans } of (JSON.parse(body) as OtlpRequest).resourceSpans) {
          for (const scope of scopeSpans) spans.push(...scope.spans);
        }
      }
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tracing-key=tracing-secret',
    OTEL_SERVICE_NAME: 'export-test',
  };
  system = await TestSystem.start({
    catalog: { products: 30, storeViews: 1, websites: 1 },
    capture: true,
  });
  await system.startWorker(settings);
  const { code, stderr } = await runProgram(['resync', '--feed', 'products'], {
    ...system.settings,
    ...settings,
  });
  expect(code, stderr).toBe(0);
  await system.partialSync();
  // A worker that stops sends what it has.
  await system.stopWorkers();
});
afterAll(async () => {
  receiver.close();
  await system.stop();
});

const parentOf = (span: OtlpSpan): OtlpSpan | undefined =>
  spans.find(({ spanId }) => spanId === span.parentSpanId);

/** Names of a span and of all it is part of. */
function wayTo(span: OtlpSpan): string[] {
  const names: string[] = [];
  for (let at: OtlpSpan | undefined = span; at !== undefined; at = parentOf(at)) {
    names.push(at.name);
  }
  return names.reverse();
}

function attribute(span: OtlpSpan, key: string): unknown {
  return Object.values(span.attributes.find((each) => each.key === key)?.value ?? {})[0];
}

describe('a trace', () => {
  test('leads from the command line through workflows and activities to the request', () => {
    const [post] = spans.filter(({ name }) => name === 'POST products');
    expect(wayTo(post!)).toEqual([
      'saas-export resync',
      'StartWorkflow:fullSync',
      'RunWorkflow:fullSync',
      'StartChildWorkflow:feedSync',
      'RunWorkflow:feedSync',
      'StartActivity:exportSegment',
      'RunActivity:exportSegment',
      'POST products',
    ]);
    expect(attribute(post!, 'http.response.status_code')).toBe(200);
    expect(attribute(post!, 'feed')).toBe('products');
    expect(Number(attribute(post!, 'items'))).toBeGreaterThan(0);
    expect(attribute(post!, 'request.id')).toEqual(expect.any(String));
  });

  test('leads to the statements for the shop and the exporter’s tables', () => {
    const { traceId } = spans.find(({ name }) => name === 'saas-export resync')!;
    const own = spans.filter((span) => span.traceId === traceId);
    const reads = own.filter((span) => span.name === 'SELECT catalog_product_entity');
    expect(reads.map((span) => wayTo(span).slice(-4))).toContainEqual([
      'RunActivity:exportSegment',
      'collect',
      'commerce snapshot',
      'SELECT catalog_product_entity',
    ]);
    const stored = own.filter(({ name }) => / cde_products_feed$/.test(name));
    expect(stored.length).toBeGreaterThan(0);
    for (const span of stored) {
      expect(wayTo(span)).toEqual(expect.arrayContaining(['store transaction']));
    }
    // Every span of the run hangs together.
    expect(own.filter((span) => wayTo(span)[0] !== 'saas-export resync')).toEqual([]);
  });

  test('of a scheduled workflow begins with it', () => {
    const run = spans.find(({ name }) => name === 'RunWorkflow:partialSync')!;
    expect(parentOf(run)).toBeUndefined();
    const captured = spans.find(({ name }) => name === 'RunActivity:captureChanges')!;
    expect(captured.traceId).toBe(run.traceId);
  });

  test('ids are unique', () => {
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });

  test('names the service, and holds no secret, value or payload', async () => {
    expect(text).toContain('export-test');
    expect(new Set(headers)).toEqual(new Set(['tracing-secret']));
    const [rows] = await system.shop.query('SELECT sku FROM catalog_product_entity');
    for (const { sku } of rows as { sku: string }[]) expect(text).not.toContain(`"${sku}"`);
    expect(text).not.toContain('system-test');
    expect(text).not.toContain('tracing-secret');
    expect(text).not.toMatch(/mysql:\/\//);
  });
});

test('a workflow that made spans replays where none are made, and the other way round', async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const handle = system.client.workflow.getHandle(feedSyncId(system.instance, 'products'));
  const history = await handle.fetchHistory();
  for (const traced of [false, true]) {
    const bundle = await workflowBundle({ traced });
    await expect(
      Worker.runReplayHistory(
        {
          workflowBundle: bundle,
          sinks: { exporter: { export: { fn: () => undefined } } },
        },
        history,
        handle.workflowId,
      ),
    ).resolves.not.toThrow();
  }
});

test('a worker whose receiver is gone works on', async () => {
  await new Promise((resolve) => receiver.close(resolve));
  headers = [];
  await system.startWorker(settings);
  await system.fullSync({ feeds: ['categories'] });
  await system.stopWorkers();
  expect(headers).toEqual([]);
  await system.expectConverged(['products', 'categories']);
});
