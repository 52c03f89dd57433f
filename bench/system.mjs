/**
 * The whole system for a benchmark: the sandbox with a generated catalog, a proxy before the service
 * that notes when requests came and were answered, and Temporal's client. The sandbox's own worker
 * has no request budget; workers with other settings have a task queue of their own.
 */
import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Agent, request } from 'undici';
import { setUp } from '../scripts/setup.mjs';

const unzipped = promisify(gunzip);

/**
 * Starts the system; `stop` ends it and removes its data.
 *
 * @param direct no proxy stands before the service.
 */
export async function startSystem({
  products,
  storeViews = 4,
  settings = {},
  answerDelay = 0,
  direct = false,
}) {
  await setUp(process.stderr);
  const { startSandbox } = await import('../dist/sandbox/sandbox.js');
  const { installAll } = await import('../dist/client/commands/install.js');
  const { connectTemporal } = await import('../dist/client/temporal.js');
  const { stepPrinter } = await import('../dist/sandbox/servers/progress.js');
  const { startRole } = await import('../dist/sandbox/roles.js');
  const { workerPolls } = await import('../dist/sandbox/worker-polls.js');
  const { signal } = new globalThis.AbortController();
  const workers = [];
  let proxy;
  const sandbox = await startSandbox({
    environment: process.env,
    catalog: { products, storeViews, now: new Date() },
    tablePrefix: '',
    settings: { SERVICE_SCOPES_FORM: 'feed', INITIAL_SYNC: 'off', ...settings },
    report: stepPrinter(process.stderr),
    signal,
    install: installAll,
    beforeService: async (url) => {
      if (direct) return url;
      proxy = await startProxy(url, answerDelay);
      return proxy.url;
    },
  });
  const client = await connectTemporal(sandbox.temporal);
  return {
    settings: sandbox.settings,
    directory: sandbox.directory,
    proxy,
    client,
    /** Starts another worker, on a task queue of its own that runs may name. */
    async startWorker(taskQueue, more) {
      const worker = await startRole({
        role: 'worker',
        settings: {
          ...sandbox.settings,
          ...(proxy === undefined ? {} : { SERVICE_URL: proxy.url }),
          TEMPORAL_TASK_QUEUE: taskQueue,
          ...more,
        },
        directory: sandbox.directory,
        signal,
        ready: () => workerPolls(sandbox.temporal, taskQueue),
      });
      workers.push(worker);
      return worker;
    },
    /** Runs a workflow to its end. */
    run(type, input, taskQueue = sandbox.settings.TEMPORAL_TASK_QUEUE) {
      return this.start(type, input, taskQueue).then((handle) => handle.result());
    },
    /** Starts a workflow; returns its handle. */
    start(type, input, taskQueue = sandbox.settings.TEMPORAL_TASK_QUEUE) {
      return client.workflow.start(type, {
        workflowId: `${type}-${Date.now()}`,
        taskQueue,
        args: [input],
      });
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await client.connection.close();
      await sandbox.stop();
      await proxy?.close();
    },
  };
}

/** Passes requests on and notes their times, by `performance.now()`. */
async function startProxy(serviceUrl, answerDelay) {
  const agent = new Agent({ connections: 32 });
  const requests = [];
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  async function pass(incoming, outgoing) {
    const arrivedAt = performance.now();
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const seen = { path: incoming.url, arrivedAt, answeredAt: undefined, status: 0, body };
    requests.push(seen);
    const headers = without(incoming.headers, ['host', 'connection']);
    const answer = await request(`${serviceUrl}${incoming.url}`, {
      method: incoming.method,
      headers,
      dispatcher: agent,
      ...(body.length === 0 ? {} : { body }),
    });
    const text = Buffer.from(await answer.body.arrayBuffer());
    if (proxy.answerDelay > 0) {
      await sleep(Math.max(0, arrivedAt + proxy.answerDelay - performance.now()));
    }
    const answered = without(answer.headers, ['transfer-encoding']);
    seen.status = answer.statusCode;
    seen.answeredAt = performance.now();
    outgoing.writeHead(answer.statusCode, answered);
    outgoing.end(text);
  }
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const proxy = {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Milliseconds from a request's arrival to its answer, at least. */
    answerDelay,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await agent.close();
    },
  };
  return proxy;
}

function without(headers, names) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** The items of a request. */
export async function itemsOf({ body }) {
  return JSON.parse((await unzipped(body)).toString());
}
