import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FeedName } from '../src/feeds/names.js';
import type { Operation } from '../src/feeds/operation.js';
import { WORKFLOW } from '../src/workflows/names.js';
import { Engine } from './engine.js';
import { changeKinds, Picker } from './random-shop-changes.js';
import { availableFeeds, settle } from './settle.js';
import { TestSystem } from './system.js';

/** Repeats a run that failed: it is printed with the failure. */
/** Of some eighty kinds of change. */
const KINDS_MISSED_AT_MOST = 20;
const SEED = Number(process.env['RANDOM_CHANGES_SEED'] ?? Date.now() % 1_000_000);
const RUNS = Number(process.env['RANDOM_CHANGES_RUNS'] ?? 100);
const KILLS = Number(process.env['RANDOM_CHANGES_KILLS'] ?? 5);
/** After so many minutes no run begins any more: `npm run soak` takes longer. */
const MINUTES = Number(process.env['RANDOM_CHANGES_MINUTES'] ?? 1.5);
/** Runs in which every kind of change is made at least once. */
const ENOUGH = 100;
/** Shop's sessions; each has at most one transaction open. */
const CONNECTIONS = 3;

/** Something that happens: a part of a transaction, its end, or a piece of the exporter's work. */
type Step =
  | { readonly do: 'change'; readonly on: number; readonly kind: number; readonly picks: number[] }
  | { readonly do: 'end'; readonly on: number; readonly how: 'COMMIT' | 'ROLLBACK' }
  | { readonly do: 'move' | 'look' }
  | {
      readonly do: 'run';
      readonly feed: number;
      readonly what: Operation | 'cleanup' | 'by ids' | 'forced';
      readonly ids: number[];
      /** Killed after so many milliseconds. */
      readonly killed: number | undefined;
      /** Whether the next steps happen meanwhile. */
      readonly beside: boolean;
    }
  | { readonly do: 'fault'; readonly what: 'none' | 'unavailable' | 'slow' | 'cut' };

const number = fc.nat(1_000_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      on: fc.nat(CONNECTIONS - 1),
      kind: number,
      picks: fc.array(number, { minLength: 4, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      on: fc.nat(CONNECTIONS - 1),
      how: fc.constantFrom('COMMIT' as const, 'COMMIT' as const, 'ROLLBACK' as const),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom({ do: 'move' as const }, { do: 'look' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      feed: number,
      what: fc.constantFrom(
        'partial sync' as const,
        'partial sync' as const,
        'partial sync' as const,
        'full sync' as const,
        'retry failed items' as const,
        'publish' as const,
        'cleanup' as const,
        'by ids' as const,
        'forced' as const,
      ),
      ids: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      killed: fc.option(fc.nat(40), { nil: undefined, freq: 3 }),
      beside: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      what: fc.constantFrom(
        'none' as const,
        'none' as const,
        'unavailable' as const,
        'slow' as const,
        'cut' as const,
      ),
    }),
  },
);

let system: TestSystem;
let feeds: readonly FeedName[];
let sessions: readonly Connection[];
let kinds: readonly [string, ReturnType<typeof changeKinds>[string]][];
/** Statements that the shop has run, of the last runs. */
let log: string[] = [];
const made = new Map<string, number>();
const refused = new Map<string, string>();

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 40, storeViews: 3, websites: 2, now: new Date() },
    capture: true,
    settings: { SERVICE_TIMEOUT_SECONDS: '2' },
  });
  sessions = await Promise.all(Array.from({ length: CONNECTIONS }, () => system.connect()));
  for (const [at, session] of sessions.entries()) {
    const isolation = at === 0 ? 'READ COMMITTED' : 'REPEATABLE READ';
    await session.query(`SET SESSION TRANSACTION ISOLATION LEVEL ${isolation}`);
    await session.query('SET SESSION innodb_lock_wait_timeout = 1');
    await session.query('SET autocommit = 0');
  }
  kinds = Object.entries(changeKinds(await system.connect()));
  feeds = await availableFeeds(system);
});
afterAll(() => system.stop());

describe(`random changes (RANDOM_CHANGES_SEED=${SEED})`, () => {
  let engine: Engine;

  test('are of at least thirty kinds', () => {
    expect(kinds.length).toBeGreaterThanOrEqual(30);
  });

  test(
    `in ${RUNS} runs, whatever happens to them, are all at the service in the end`,
    async () => {
      engine = await Engine.open(system.settings);
      await engine.look();
      for (const feed of feeds) await engine.run(feed, 'full sync');
      await engine.settle();
      await system.expectConverged(feeds);
      const until = Date.now() + MINUTES * 60_000;
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 16 }), async (steps) => {
          if (Date.now() > until) return;
          runs += 1;
          const beside: Promise<unknown>[] = [];
          for (const each of steps) await happen(engine, each, beside);
          await atRest(beside);
          await engine.settle();
          await expectConverged();
        }),
        // The shop is another one after each run, so that a failure cannot be made smaller.
        { seed: SEED, numRuns: RUNS, endOnFailure: true },
      );
      await engine.close();
      // Which kinds find rows to change is up to the seed.
      if (runs >= ENOUGH) expect(neverMade().length).toBeLessThan(KINDS_MISSED_AT_MOST);
    },
    24 * 3_600_000,
  );

  test(`in ${KILLS} runs with kill -9 of the worker are all at the service in the end`, async () => {
    const random = fc.sample(
      fc.record({
        changes: fc.array(
          fc.record({ kind: number, picks: fc.array(number, { minLength: 4, maxLength: 4 }) }),
          { minLength: 4, maxLength: 12 },
        ),
        full: fc.boolean(),
        afterMs: fc.nat(600),
      }),
      { seed: SEED, numRuns: KILLS },
    );
    await system.startWorker();
    for (const { changes, full, afterMs } of random) {
      log = [];
      for (const [at, change] of changes.entries()) {
        await happen(undefined, { do: 'change', on: at % CONNECTIONS, ...change }, []);
      }
      await atRest([]);
      system.proxy.fault = () => ({ answerDelayMs: 50 });
      const launched = full
        ? system.startFullSync({ feeds: ['products', 'prices', 'categories'], force: true })
        : system.client.workflow.start(WORKFLOW.partialSync, {
            workflowId: `${system.instance}-random-${afterMs}`,
            taskQueue: system.taskQueue,
            args: [{ listenSeconds: 2 }],
          });
      await launched;
      await sleep(afterMs);
      await system.killWorkers();
      system.proxy.fault = () => ({});
      await system.startWorker();
      await settle(system);
      await expectConverged();
    }
  }, 3_600_000);
});

async function happen(
  engine: Engine | undefined,
  each: Step,
  beside: Promise<unknown>[],
): Promise<void> {
  switch (each.do) {
    case 'change': {
      const [name, kind] = kinds[each.kind % kinds.length]!;
      const session = sessions[each.on]!;
      for (const sql of await kind(new Picker(system.shop, each.picks))) {
        try {
          const [{ affectedRows = 0 }] = (await session.query(sql)) as unknown as [
            { affectedRows?: number },
          ];
          log.push(`${each.on} (${affectedRows}): ${sql.replaceAll(/\s+/g, ' ')}`);
          if (affectedRows > 0) made.set(name, (made.get(name) ?? 0) + 1);
        } catch (error) {
          // Locks of another session, and keys that forbid it: the shop goes on.
          const message = error instanceof Error ? error.message : String(error);
          refused.set(name, message);
          log.push(`${each.on}: refused: ${message}`);
        }
      }
      return;
    }
    case 'end':
      log.push(`${each.on}: ${each.how}`);
      await sessions[each.on]?.query(each.how);
      return;
    case 'move':
      log.push('move');
      await engine?.move();
      return;
    case 'look':
      await engine?.look();
      return;
    case 'fault':
      log.push(`fault: ${each.what}`);
      system.proxy.fault = (seen) => {
        if (each.what === 'unavailable') return { status: 503 };
        if (each.what === 'slow') return { answerDelayMs: 30 };
        return each.what === 'cut' && seen.number % 2 === 0 ? { cut: 'after' } : {};
      };
      return;
    case 'run': {
      const feed = feeds[each.feed % feeds.length]!;
      const [operation, options] = orderOf(each.what, each.ids);
      log.push(
        `${each.what} of ${feed}${each.beside ? ' beside' : ''}, killed: ${each.killed ?? 'no'}`,
      );
      const running = engine
        ?.run(
          feed,
          operation,
          options,
          each.killed === undefined ? 'by itself' : { killedAfterMs: each.killed },
        )
        .then((ended) => log.push(`… ${each.what} of ${feed} ${ended ? 'ended' : 'was cut off'}`));
      if (running === undefined) return;
      if (each.beside) beside.push(running.catch(idsThatAreGone));
      else await running.catch(idsThatAreGone);
    }
  }
}

function orderOf(what: Extract<Step, { do: 'run' }>['what'], ids: readonly number[]) {
  switch (what) {
    case 'cleanup':
      return ['full sync', { cleanupFeed: true }] as const;
    case 'forced':
      return ['full sync', { force: true }] as const;
    case 'by ids':
      return ['full sync', { ids: ids.map(String), idType: 'entityId' }] as const;
    default:
      return [what, {}] as const;
  }
}

function idsThatAreGone(error: unknown): void {
  if (error instanceof Error && 'code' in error && /^CDE03/.test(String(error.code))) return;
  throw error;
}

/** Ends what is open: transactions, faults, runs beside. */
async function atRest(beside: readonly Promise<unknown>[]): Promise<void> {
  for (const session of sessions) await session.query('COMMIT');
  system.proxy.fault = () => ({});
  await Promise.all(beside);
}

async function expectConverged(): Promise<void> {
  try {
    await system.expectConverged(feeds, { mayBeEmpty: true });
  } catch (error) {
    process.stderr.write(`RANDOM_CHANGES_SEED=${SEED}\n${log.join('\n')}\n`);
    throw error;
  }
  log = [];
}

/** Kinds that changed no row in any run, with what the database said. */
function neverMade(): string[] {
  return kinds
    .map(([name]) => name)
    .filter((name) => !made.has(name))
    .map((name) => `${name}: ${refused.get(name) ?? 'no row'}`);
}
