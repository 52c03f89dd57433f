import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FeedName } from '../src/feeds/names.js';
import type { Operation } from '../src/feeds/operation.js';
import { WORKFLOW } from '../src/workflows/names.js';
import { feedNamed } from '../src/feeds/registry.js';
import { DATA_SPACE_ID, sendingRoute } from '../src/feeds/routes.js';
import type { RunOptions } from '../src/workflows/messages.js';
import { Death, Engine } from './engine.js';
import type { FaultProxy } from './fault-proxy.js';
import {
  changeKinds,
  keepValues,
  Picker,
  putBack,
  type ChangeKind,
} from './random-shop-changes.js';
import { availableFeeds, expireClaims, settle } from './settle.js';
import { TestSystem } from './system.js';

/** Of some eighty kinds of change. */
const KINDS_MISSED_AT_MOST = 20;
/** Repeats a run that failed: it is printed. */
const SEED = Number(process.env['RANDOM_CHANGES_SEED'] ?? Date.now() % 1_000_000);
const RUNS = Number(process.env['RANDOM_CHANGES_RUNS'] ?? 100);
const KILLS = Number(process.env['RANDOM_CHANGES_KILLS'] ?? 5);
/** After so many minutes and `FEWEST` runs no run begins any more: `npm run soak` takes longer. */
const MINUTES = Number(process.env['RANDOM_CHANGES_MINUTES'] ?? 4);
/** Runs that are made however long they take. */
const FEWEST = 40;
/** Runs in which every kind of change is made at least once. */
const ENOUGH = 100;
/** Shop's sessions; each has at most one transaction open. */
const CONNECTIONS = 3;

/** Something that happens: a part of a transaction, its end, or a piece of the exporter's work. */
type Step =
  | { readonly do: 'change'; readonly on: number; readonly kind: number; readonly picks: number[] }
  | { readonly do: 'end'; readonly on: number; readonly how: 'COMMIT' | 'ROLLBACK' }
  | { readonly do: 'undo'; readonly on: number; readonly picks: number[] }
  | { readonly do: 'move' | 'look' }
  /** A full sync with slow requests, while which something changes and is moved. */
  | {
      readonly do: 'slow';
      readonly feed: number;
      readonly kind: number;
      readonly picks: number[];
      readonly undone: boolean;
    }
  | {
      readonly do: 'run';
      readonly feed: number;
      readonly what: Operation | 'cleanup' | 'by ids' | 'forced';
      readonly ids: number[];
      /** Stopped after so many milliseconds; or dead when the service has answered. */
      readonly killed: number | 'answered' | undefined;
      /** Whether the next steps happen meanwhile. */
      readonly beside: boolean;
    }
  | { readonly do: 'fault'; readonly what: 'none' | 'unavailable' | 'slow' | 'cut' };

const number = fc.nat(1_000_000);
const picks = fc.array(number, { minLength: 4, maxLength: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      on: fc.nat(CONNECTIONS - 1),
      kind: number,
      picks,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('undo' as const),
      on: fc.nat(CONNECTIONS - 1),
      picks,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('slow' as const),
      feed: number,
      kind: number,
      picks,
      undone: fc.boolean(),
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
      killed: fc.oneof(
        { weight: 5, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.nat(40) },
        { weight: 1, arbitrary: fc.constant('answered' as const) },
      ),
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
/** What happened in the last run. */
let log: string[] = [];
let weather: FaultProxy['fault'] = () => ({});
/** Of each feed: who is to die when it is answered, and how many runs are under way. */
const deaths = new Map<FeedName, Death>();
const active = new Map<FeedName, number>();
/** Feeds whose requests take long. */
const slow = new Set<FeedName>();
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
    // What another session has locked is refused at once.
    await session.query('SET SESSION innodb_lock_wait_timeout = 0');
    await session.query('SET autocommit = 0');
  }
  kinds = Object.entries(changeKinds(await system.connect()));
  await keepValues(system.shop);
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
      system.proxy.fault = (seen) => {
        const feed = feeds.find((each) => seen.path === pathOf(each));
        const death = feed === undefined ? undefined : deaths.get(feed);
        return {
          ...weather(seen),
          ...(feed !== undefined && slow.has(feed) ? { answerDelayMs: 80 } : {}),
          ...(death === undefined ? {} : { answered: death.strike }),
        };
      };
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 16 }), async (steps) => {
          if (Date.now() > until && runs >= FEWEST) return;
          runs += 1;
          if (steps.some((each) => each.do === 'undo' || each.do === 'slow')) {
            await keepValues(system.shop);
          }
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
      process.stderr.write(`RANDOM_CHANGES_SEED=${SEED}: ${runs} runs of random changes\n`);
      expect(runs).toBeGreaterThanOrEqual(Math.min(RUNS, FEWEST));
      // Which kinds find rows to change is up to the seed.
      if (runs >= ENOUGH) expect(neverMade().length).toBeLessThan(KINDS_MISSED_AT_MOST);
    },
    24 * 3_600_000,
  );

  test(`in ${KILLS} runs with kill -9 of the worker are all at the service in the end`, async () => {
    const random = fc.sample(
      fc.record({
        changes: fc.array(fc.record({ kind: number, picks }), { minLength: 4, maxLength: 12 }),
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
    case 'change':
      return change(each.on, kinds[each.kind % kinds.length]!, each.picks);
    case 'undo':
      return change(each.on, ['what was is put back', putBack], each.picks);
    case 'slow': {
      const feed = feeds[each.feed % feeds.length]!;
      log.push(`slow full sync of ${feed}`);
      slow.add(feed);
      const seen = system.proxy.requests.length;
      const running = engine!.run(feed, 'full sync', { force: true });
      beside.push(running.finally(() => slow.delete(feed)));
      while (slow.has(feed) && system.proxy.requests.length === seen) await sleep(2);
      await happen(engine, { ...each, do: 'change', on: 0 }, beside);
      await happen(engine, { do: 'end', on: 0, how: 'COMMIT' }, beside);
      await happen(engine, { do: 'move' }, beside);
      if (!each.undone) return;
      await happen(engine, { ...each, do: 'undo', on: 0 }, beside);
      await happen(engine, { do: 'end', on: 0, how: 'COMMIT' }, beside);
      await happen(engine, { do: 'move' }, beside);
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
      weather = (seen) => {
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
      const running = runToEnd(engine!, feed, operation, options, each.killed).then((ended) =>
        log.push(`… ${each.what} of ${feed} ${ended ? 'ended' : 'was cut off'}`),
      );
      if (each.beside) beside.push(running.catch(idsThatAreGone));
      else await running.catch(idsThatAreGone);
    }
  }
}

async function change(
  on: number,
  [name, kind]: readonly [string, ChangeKind],
  picked: readonly number[],
): Promise<void> {
  for (const sql of await kind(new Picker(system.shop, picked))) {
    try {
      const [{ affectedRows = 0 }] = (await sessions[on]!.query(sql)) as unknown as [
        { affectedRows?: number },
      ];
      log.push(`${on} (${affectedRows}): ${sql.replaceAll(/\s+/g, ' ')}`);
      if (affectedRows > 0) made.set(name, (made.get(name) ?? 0) + 1);
    } catch (error) {
      // Locks of another session, and keys that forbid it: the shop goes on.
      const message = error instanceof Error ? error.message : String(error);
      refused.set(name, message);
      log.push(`${on}: refused: ${message}`);
    }
  }
}

async function runToEnd(
  engine: Engine,
  feed: FeedName,
  operation: Operation,
  options: RunOptions,
  killed: Extract<Step, { do: 'run' }>['killed'],
): Promise<boolean> {
  const death = killed === 'answered' ? new Death() : undefined;
  if (death !== undefined) deaths.set(feed, death);
  active.set(feed, (active.get(feed) ?? 0) + 1);
  try {
    const end = killed === undefined ? 'by itself' : { killedAfterMs: Number(killed) };
    return await engine.run(feed, operation, options, death ?? end);
  } finally {
    active.set(feed, (active.get(feed) ?? 1) - 1);
    if (death !== undefined && deaths.get(feed) === death) deaths.delete(feed);
    if (death?.happened === true && active.get(feed) === 0) await deadRequestsEnd(feed);
  }
}

/** Other runs need not wait for what a dead process had under way, once that has ended. */
async function deadRequestsEnd(feed: FeedName): Promise<void> {
  await system.proxy.idle(pathOf(feed));
  if (active.get(feed) === 0) await expireClaims(system.store, feedNamed(feed).table);
}

/** Path of the requests of a feed. */
function pathOf(feed: FeedName): string {
  const route = sendingRoute({
    preset: 'commerce-services',
    feed,
    operation: 'upsert',
    feedForm: true,
  });
  const environment = system.settings['SERVICE_ENVIRONMENT_ID'] ?? '';
  return `/${(route ?? '').replace(DATA_SPACE_ID, environment)}`;
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
  weather = () => ({});
  await Promise.all(beside);
  for (const feed of feeds) await deadRequestsEnd(feed);
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
