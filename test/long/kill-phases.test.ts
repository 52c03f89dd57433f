import mysql from 'mysql2/promise';
import { describe, expect, test, vi } from 'vitest';

import type { FeedSyncResult, FullSyncInput } from '../../src/workflows/messages.js';
import type { ServerProcess } from '../../src/sandbox/servers/processes.js';
import { sentAgain } from '../repeated.js';
import { inPhase, lastRun, PATIENCE, progressOf, runOf } from '../steering-system.js';
import { TestSystem } from '../system.js';

/** Items of a request, and requests in flight at most. */
const BATCH = 5;
const IN_FLIGHT = 2;
const SYNC: FullSyncInput = { feeds: ['products'], batchSize: BATCH };

/**
 * A system and a full sync that is under way: its worker is killed in one phase, and another one
 * is started. Most of the time the server waits for heartbeats, so the phases are tried together.
 */
class KilledRun {
  readonly system: TestSystem;
  readonly #worker: ServerProcess;
  readonly #result: Promise<FeedSyncResult>;
  readonly #connections: mysql.Connection[] = [];

  private constructor(system: TestSystem, worker: ServerProcess, result: Promise<FeedSyncResult>) {
    this.system = system;
    this.#worker = worker;
    this.#result = result;
    // Looked at when the test comes to it.
    result.catch(() => undefined);
  }

  static async start(
    prepare: (system: TestSystem) => Promise<Hold>,
  ): Promise<{ readonly run: KilledRun; readonly hold: Hold }> {
    const system = await TestSystem.start({
      catalog: { products: 60, storeViews: 2 },
      // So much longer the requests of the killed worker are waited for.
      settings: { SERVICE_TIMEOUT_SECONDS: '5', SERVICE_REQUESTS_IN_FLIGHT: String(IN_FLIGHT) },
    });
    const worker = await system.startWorker();
    const hold = await prepare(system);
    const full = await system.startFullSync(SYNC);
    const result = full.result().then(({ feeds }) => feeds.products!);
    return { run: new KilledRun(system, worker, result), hold };
  }

  /** Kills the worker, and starts another one when what held it has been let go. */
  async kill(release: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    await this.#worker.kill();
    await release();
    this.system.proxy.fault = () => ({});
    await this.system.startWorker();
  }

  /** Nobody does anything: the run ends by itself, and the service holds what it should. */
  async expectConverged({ again }: { readonly again: number }): Promise<FeedSyncResult> {
    const result = await this.#result;
    expect(result).toMatchObject({ outcome: 'completed' });
    expect(await lastRun(this.system, 'products')).toMatchObject({ outcome: 'completed' });
    expect(sentAgain(this.system), 'items sent again').toBeLessThanOrEqual(again);
    await this.system.expectConverged(['products']);
    return result;
  }

  async storeConnection(): Promise<mysql.Connection> {
    const uri = this.system.settings['EXPORT_DATABASE_URL'] ?? '';
    const connection = await mysql.createConnection({ uri });
    this.#connections.push(connection);
    return connection;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.end()));
    await this.system.stop();
  }
}

/** What holds the worker in a phase. */
interface Hold {
  /** Resolves when the worker waits for it. */
  waitedFor(): Promise<void>;
  release(): Promise<unknown>;
}

const nothing = (): Promise<Hold> =>
  Promise.resolve({ waitedFor: () => Promise.resolve(), release: () => Promise.resolve() });

/** Shops are made one after the other: only the waiting is done together. */
let made: Promise<unknown> = Promise.resolve();

/** Nobody else reads the table while it is held. */
function lockTable(table: string): (system: TestSystem) => Promise<Hold> {
  return async (system) => {
    const connection = await system.connect();
    await connection.query(`LOCK TABLES ${table} WRITE`);
    return {
      waitedFor: () =>
        vi.waitFor(async () => {
          const [rows] = await connection.query(
            `SELECT 1 FROM information_schema.processlist
             WHERE db = DATABASE() AND state LIKE 'Waiting for table%lock'`,
          );
          expect(rows).not.toEqual([]);
        }, PATIENCE),
      release: () => connection.query('UNLOCK TABLES'),
    };
  };
}

async function withRun(
  prepare: (system: TestSystem) => Promise<Hold>,
  work: (run: KilledRun, hold: Hold) => Promise<void>,
): Promise<void> {
  const start = made.then(() => KilledRun.start(prepare));
  made = start.catch(() => undefined);
  const { run, hold } = await start;
  try {
    await work(run, hold);
  } finally {
    await run.stop();
  }
}

describe.concurrent('a worker that is killed', { timeout: 300_000 }, () => {
  test('while it plans repeats nothing', async () => {
    await withRun(lockTable('catalog_product_entity'), async (run, lock) => {
      await inPhase(run.system, 'products', 'planning');
      await lock.waitedFor();
      await run.kill(() => lock.release());
      await run.expectConverged({ again: 0 });
    });
  });

  test('while it collects repeats nothing that was sent', async () => {
    await withRun(lockTable('catalog_product_entity_varchar'), async (run, lock) => {
      await inPhase(run.system, 'products', 'exporting');
      await lock.waitedFor();
      await run.kill(() => lock.release());
      await run.expectConverged({ again: 0 });
    });
  });

  test('while it sends what never arrives repeats no item that arrived before', async () => {
    const lost = new Set<number>();
    await withRun(nothing, async (run) => {
      const { proxy } = run.system;
      proxy.fault = ({ number }) => {
        if (number <= 3) return {};
        lost.add(number);
        return { delayMs: 3_000, status: 503 };
      };
      await proxy.seen(4);
      await run.kill();
      // The requests that were lost are the only ones whose items come twice.
      await run.expectConverged({ again: lost.size * BATCH });
      expect(lost.size).toBeLessThanOrEqual(IN_FLIGHT);
    });
  });

  test('when the service has answered repeats at most the requests in flight', async () => {
    await withRun(nothing, async (run) => {
      const { proxy } = run.system;
      proxy.fault = ({ number }) => (number <= 3 ? {} : { answerDelayMs: 3_000 });
      await proxy.seen(4);
      await vi.waitFor(async () => {
        expect((await run.system.held('products')).length).toBeGreaterThan(3 * BATCH);
      }, PATIENCE);
      await run.kill();
      await run.expectConverged({ again: IN_FLIGHT * BATCH });
    });
  });

  test('while it stores an answer repeats at most the requests in flight', async () => {
    await withRun(nothing, async (run) => {
      const { proxy } = run.system;
      const store = await run.storeConnection();
      // Answers come when the lease is held by somebody else.
      proxy.fault = ({ number }) => (number <= 3 ? {} : { answerDelayMs: 1_500 });
      await proxy.seen(4);
      await store.query('START TRANSACTION');
      await store.query(`SELECT * FROM feed_lease WHERE feed = 'products' FOR UPDATE`);
      await vi.waitFor(async () => {
        const [rows] = await store.query(
          `SELECT 1 FROM information_schema.innodb_trx t
           JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
           WHERE p.db = DATABASE() AND t.trx_state = 'LOCK WAIT'`,
        );
        expect(rows).not.toEqual([]);
      }, PATIENCE);
      await run.kill(() => store.query('ROLLBACK'));
      await run.expectConverged({ again: IN_FLIGHT * BATCH });
    });
  });

  test('right after it answered an order keeps the order: the run stays paused', async () => {
    await withRun(nothing, async (run) => {
      const { system } = run;
      system.proxy.fault = () => ({ delayMs: 100 });
      await system.proxy.seen(3);
      await runOf(system, 'products').executeUpdate('pause', { args: [{ by: 'ada' }] });
      await run.kill();
      expect(await progressOf(system, 'products')).toMatchObject({ paused: { by: 'ada' } });
      await runOf(system, 'products').executeUpdate('resume', { args: [{ by: 'ada' }] });
      await run.expectConverged({ again: IN_FLIGHT * BATCH });
    });
  });

  test('as its run continues as new: the run goes on with what it knew', async () => {
    await withRun(nothing, async (run) => {
      const { system } = run;
      system.proxy.fault = () => ({ delayMs: 100 });
      await system.proxy.seen(3);
      const products = runOf(system, 'products');
      const { runId } = await products.describe();
      const first = system.client.workflow.getHandle(products.workflowId, runId);
      await products.signal('approveDeletions', { by: 'ada' });
      await products.signal('pause', { by: 'ada' });
      // They change nothing for an immediate feed.
      await Promise.all(Array.from({ length: 800 }, () => products.signal('noReindex')));
      await products.signal('resume');
      await vi.waitFor(
        async () => expect((await first.describe()).status.name).toBe('CONTINUED_AS_NEW'),
        { ...PATIENCE, interval: 20 },
      );
      await run.kill();
      await run.expectConverged({ again: IN_FLIGHT * BATCH });
      expect(await lastRun(system, 'products')).toMatchObject({ workflow_run_id: runId });
      const runs = await system.store.rows(`SELECT 1 FROM ${system.store.t('sync_run')}`);
      expect(runs).toHaveLength(1);
    });
  });
});
