import { CancelledFailure, Context, heartbeat } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import type { Activities } from '../src/activities/activities.js';
import { ensureSearchAttributes } from '../src/client/search-attributes.js';
import { NO_COUNTS, type RunCounts } from '../src/feeds/counts.js';
import { workflowBundle } from '../src/worker/bundle.js';
import {
  WITHOUT_SEGMENTS,
  type FeedSyncResult,
  type FullSyncResult,
  type RunRef,
} from '../src/workflows/messages.js';
import { SIGNAL, WORKFLOW } from '../src/workflows/names.js';

const ENTITIES = 1_000_000;
const SEGMENTS = 250;
const EACH = ENTITIES / SEGMENTS;
/** What a segment gives: three items of two entities, a tenth of them unchanged. */
const OF_A_SEGMENT: RunCounts = {
  ...NO_COUNTS,
  processed: EACH,
  collected: EACH * 1.5,
  sent: EACH * 1.35,
  accepted: EACH * 1.35,
  unchanged: EACH * 0.15,
  requests: 56,
};

const instance = `long-${randomBytes(4).toString('hex')}`;
const taskQueue = `${instance}-saas-export`;
const exported: number[] = [];
const deletionsOf: RunRef[] = [];
const ended: RunCounts[] = [];
let client: Client;
let connection: NativeConnection;
let bundle: Awaited<ReturnType<typeof workflowBundle>>;

/** The exporter's activities as the workflows know them, without a shop, a store and a service. */
const activities: Pick<
  Activities,
  | 'resolveFeeds'
  | 'beginRun'
  | 'planSegments'
  | 'exportSegment'
  | 'exportDeletions'
  | 'publishStored'
  | 'endRun'
> = {
  resolveFeeds: () => Promise.resolve({ feeds: ['products'], instance }),
  beginRun: ({ feed, operation = 'full sync', options }) =>
    Promise.resolve({
      feed,
      operation,
      runId: 1,
      epoch: 1,
      options,
      firstSeq: 1,
      coveredUpTo: 0,
      answersUpTo: 0,
      startedAt: new Date().toISOString(),
      caller: 'ada',
    }),
  planSegments: () => Promise.resolve({ segments: SEGMENTS, total: ENTITIES, threadCount: 8 }),
  async exportSegment({ run, segment }) {
    exported.push(segment);
    if (segment === 20) {
      const handle = client.workflow.getHandle(`${instance}/sync/${run.feed}`);
      await handle.signal('approveDeletions', { by: 'ada' });
    }
    return OF_A_SEGMENT;
  },
  exportDeletions({ run }) {
    deletionsOf.push(run);
    return Promise.resolve(NO_COUNTS);
  },
  publishStored: () => Promise.resolve(NO_COUNTS),
  endRun({ outcome, counts }) {
    ended.push(counts);
    return Promise.resolve({ outcome, counts, sentence: 'done' });
  },
};

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { address, namespace } = inject('temporal');
  client = new Client({ connection: await Connection.connect({ address }), namespace });
  connection = await NativeConnection.connect({ address });
  bundle = await workflowBundle();
  await ensureSearchAttributes(client.connection, namespace);
});
afterAll(async () => {
  await client.connection.close();
  await connection.close();
});

test('a full sync of a million entities counts right, and no history gets long', async () => {
  const worker = await createWorker(activities);
  const result = await worker.runUntil(() =>
    client.workflow.execute<() => Promise<FullSyncResult>>(WORKFLOW.fullSync, {
      workflowId: `${instance}-full`,
      taskQueue,
      args: [],
    }),
  );
  const whole = Object.fromEntries(
    Object.entries(OF_A_SEGMENT).map(([name, count]) => [name, count * SEGMENTS]),
  );
  expect(result.feeds.products).toMatchObject({ outcome: 'completed', counts: whole });
  expect(ended).toEqual([whole]);
  // Each segment once, also those in flight when the order came.
  expect(exported.sort((a, b) => a - b)).toEqual(Array.from({ length: SEGMENTS }, (_, i) => i));
  // The order was given in the first execution, and counts in the last one.
  expect(deletionsOf.map(({ options }) => options.approveDeletions)).toEqual([true]);
  const lengths = await historyLengths(`${instance}/sync/products`);
  expect(lengths.length).toBeGreaterThan(1);
  expect(Math.max(...lengths)).toBeLessThan(1_000);
}, 180_000);

test('work that tells much without an end is broken off and goes on in a new execution', async () => {
  let attempts = 0;
  const worker = await createWorker({
    resolveFeeds: activities.resolveFeeds,
    beginRun: activities.beginRun,
    endRun: activities.endRun,
    async exportPending({ run }) {
      attempts += 1;
      if (attempts > 1) return { ...NO_COUNTS, processed: 7 };
      const { cancellationSignal } = Context.current();
      const handle = client.workflow.getHandle(`${instance}/sync/${run.feed}`);
      while (!cancellationSignal.aborted) {
        await handle.signal(SIGNAL.segmentProgress, { segment: WITHOUT_SEGMENTS });
        heartbeat();
      }
      throw new CancelledFailure('told to stop');
    },
  });
  const workflowId = `${instance}/sync/products`;
  const result = await worker.runUntil(() =>
    client.workflow.execute<(input: object) => Promise<FeedSyncResult>>(WORKFLOW.feedSync, {
      workflowId,
      taskQueue,
      args: [{ feed: 'products', operation: 'partial sync' }],
    }),
  );
  expect(result).toMatchObject({ outcome: 'completed', counts: { processed: 7 } });
  const lengths = await historyLengths(workflowId);
  expect(lengths).toHaveLength(2);
  expect(Math.max(...lengths)).toBeLessThan(1_000);
}, 180_000);

async function createWorker(asked: Partial<Activities>): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: client.options.namespace,
    taskQueue,
    workflowBundle: bundle,
    activities: asked,
    maxHeartbeatThrottleInterval: 200,
  });
}

/** Events of each execution of a run, the newest first. */
async function historyLengths(workflowId: string): Promise<number[]> {
  const lengths: number[] = [];
  let runId: string | undefined;
  do {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    lengths.push(events?.length ?? 0);
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    runId = started?.continuedExecutionRunId ?? '';
  } while (runId !== '');
  return lengths;
}
