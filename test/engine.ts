import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';

import { pino } from 'pino';

import { planSegments } from '../src/activities/batching.js';
import { captureChanges, type CaptureResult } from '../src/activities/capture.js';
import { CaptureWatch } from '../src/activities/capture-watch.js';
import { feedsToPublish, feedsToRetry } from '../src/activities/feeds-to-run.js';
import { endRun } from '../src/activities/run-end.js';
import { beginRun } from '../src/activities/run-start.js';
import { Mover } from '../src/activities/mover.js';
import {
  exportPlannedSegment,
  exportRunDeletions,
  exportRunPending,
  publishRun,
  retryRun,
} from '../src/activities/publishing.js';
import type { Attempt } from '../src/activities/segment-export.js';
import { shopPlace } from '../src/commerce/capture/connection.js';
import { loadConfiguration } from '../src/configuration/load.js';
import { ExportError } from '../src/errors/export-error.js';
import { NO_COUNTS } from '../src/feeds/counts.js';
import type { FeedName } from '../src/feeds/names.js';
import type { Operation } from '../src/feeds/operation.js';
import { allFeeds } from '../src/feeds/registry.js';
import { feedsWithPending } from '../src/store/pending.js';
import type { Store } from '../src/store/store.js';
import { queuedSyncs } from '../src/store/sync-requests.js';
import { openDependencies, type OpenDependencies } from '../src/worker/dependencies.js';
import type { RunOptions } from '../src/workflows/messages.js';
import { feedsWithHeldDeletions, makeRetriesDue, openWork } from './settle.js';

/** Rounds after which the engine has to be at rest. */
const ROUNDS = 12;

/**
 * How a run is to end: by itself; stopped after some time, like one whose worker is told to stop; or
 * with its process.
 */
export type RunEnd = 'by itself' | { readonly killedAfterMs: number } | Death;

/** A moment at which a process dies: from then on, nothing of it reaches the exporter's tables. */
export class Death {
  readonly #controller = new AbortController();

  readonly strike = (): void => {
    this.#controller.abort(new Killed());
  };

  get happened(): boolean {
    return this.#controller.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The tables as the process reaches them. Its open transactions are rolled back. */
  reach(store: Store): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (name === 'knex' && this.happened) throw new Killed();
        if (name === 'knex' || typeof value !== 'function') return value;
        return (...values: unknown[]): unknown => {
          if (this.happened && name !== 't') return Promise.reject(new Killed());
          return Reflect.apply(value, target, values);
        };
      },
    });
  }
}

/**
 * The exporter's activities in this process, in the order in which workflows call them: runs take
 * milliseconds, and can be left for dead anywhere.
 */
export class Engine {
  readonly #deps: OpenDependencies;
  readonly #mover: Mover;
  readonly #watch: CaptureWatch;

  private constructor(deps: OpenDependencies) {
    this.#deps = deps;
    const place = shopPlace(deps.commerceUrl, deps.shop.tablePrefix ?? '');
    this.#mover = new Mover(deps, place, allFeeds());
    this.#watch = new CaptureWatch(deps, place, allFeeds());
  }

  /** @param settings as a worker of the system would get them. */
  static async open(settings: Readonly<Record<string, string>>): Promise<Engine> {
    const configuration = await loadConfiguration({
      environment: settings,
      workingDirectory: tmpdir(),
    });
    return new Engine(await openDependencies(configuration, pino({ level: 'silent' })));
  }

  /** The minute's look at triggers and dates. */
  async look(): Promise<void> {
    await this.#watch.look();
    await this.#mover.learn();
  }

  /** The first round of a partial sync: the look, and what has to be started then. */
  capture(): Promise<CaptureResult> {
    const feeds = allFeeds().map(({ name }) => name);
    const input = { feeds, until: new Date(0).toISOString(), first: true, busy: [], asked: [] };
    const attempt = { signal: new AbortController().signal, report: () => undefined };
    return captureChanges(this.#deps, input, attempt);
  }

  /** Moves all changes there are; returns how many. */
  async move(): Promise<number> {
    let changes = 0;
    for (;;) {
      const moved = await this.#mover.move();
      if (moved === 0) return changes;
      changes += moved;
    }
  }

  /** Runs an operation of a feed; false where it was stopped or another run took the feed over. */
  async run(
    feed: FeedName,
    operation: Operation,
    options: RunOptions = {},
    end: RunEnd = 'by itself',
  ): Promise<boolean> {
    const death = end instanceof Death ? end : new Death();
    const timer =
      end === 'by itself' || end instanceof Death
        ? undefined
        : setTimeout(death.strike, end.killedAfterMs);
    const attempt: Attempt = { signal: death.signal, report: () => undefined };
    const deps =
      end instanceof Death ? { ...this.#deps, store: death.reach(this.#deps.store) } : this.#deps;
    try {
      await this.#run(deps, feed, operation, options, attempt);
      return true;
    } catch (error) {
      if (error instanceof Killed || (end instanceof Death && end.happened)) return false;
      if (error instanceof ExportError && error.code === 'SDE30-03') return false;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Runs what the schedules would, until nothing is left to do; approves held deletions. */
  async settle(): Promise<void> {
    const { store, commerceUrl, shop } = this.#deps;
    const feeds = allFeeds().map(({ name }) => name);
    let open: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await this.move();
      const queued = (await queuedSyncs(store)).map(({ feed }) => feed);
      for (const feed of queued) await this.run(feed, 'full sync');
      for (const feed of await feedsWithPending(store)) await this.run(feed, 'partial sync');
      await makeRetriesDue(store);
      for (const feed of await feedsToRetry(this.#deps, feeds)) {
        await this.run(feed, 'retry failed items');
      }
      for (const feed of await feedsToPublish(this.#deps, feeds)) await this.run(feed, 'publish');
      for (const feed of await feedsWithHeldDeletions(store)) {
        await this.run(feed, 'full sync', { approveDeletions: true });
      }
      open = await openWork(store, commerceUrl, shop.tablePrefix ?? '');
      if (open.length === 0) return;
    }
    throw new Error(`The engine does not come to rest: ${open.join('; ')}`);
  }

  close(): Promise<void> {
    return this.#deps.close();
  }

  async #run(
    deps: OpenDependencies,
    feed: FeedName,
    operation: Operation,
    options: RunOptions,
    attempt: Attempt,
  ): Promise<void> {
    const caller = { workflowId: `sync/${feed}`, firstRunId: randomUUID() };
    const asked = {
      feed,
      operation,
      options,
      launchedBy: undefined,
      requestedBy: undefined,
      reason: undefined,
      trigger: 'test',
    };
    let run;
    try {
      run = await beginRun(deps, asked, caller, () => undefined);
    } catch (error) {
      // The edition, or the shop as it is now, lacks the feed.
      if (error instanceof ExportError && error.code === 'SDE40-02') return;
      throw error;
    }
    switch (operation) {
      case 'partial sync':
        await exportRunPending(deps, { run, listenUntil: undefined }, attempt);
        break;
      case 'retry failed items':
        await retryRun(deps, run, attempt);
        break;
      case 'publish':
        await publishRun(deps, run, attempt);
        break;
      default: {
        const { segments, total } = await planSegments(deps, run);
        for (let segment = 0; segment < segments; segment++) {
          await exportPlannedSegment(deps, { run, segment, total }, attempt);
        }
        await exportRunDeletions(deps, run, attempt);
        await publishRun(deps, run, attempt);
      }
    }
    await endRun(deps, { run, outcome: 'completed', counts: NO_COUNTS, cause: undefined });
  }
}

class Killed extends Error {}
