import type { Client } from '@temporalio/client';
import type { Connection } from 'mysql2/promise';

import type { FeedName } from '../../feeds/names.js';
import { heldDeletions } from '../../store/held-deletions.js';
import type { Feed } from '../../feeds/feed.js';
import { feedsWithPending } from '../../store/pending.js';
import type { Store } from '../../store/store.js';
import { queuedSyncs } from '../../store/sync-requests.js';
import type { FullSyncResult, PartialSyncResult } from '../../workflows/messages.js';
import { queuedSyncId, WORKFLOW } from '../../workflows/names.js';

export interface StepRunnerOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly instance: string;
  readonly shop: Connection;
  readonly store: Store;
  readonly feeds: readonly Feed[];
  /** Told of what the runner decides in the place of a person. */
  readonly say: (sentence: string) => void;
}

/** Applies changes to the shop and lets the real engine export them. */
export class StepRunner {
  readonly #options: StepRunnerOptions;
  #runs = 0;

  constructor(options: StepRunnerOptions) {
    this.#options = options;
  }

  /** Applies a change; returns when the system is idle again. */
  async apply(sql: string): Promise<void> {
    if (sql.trim() !== '') await this.#options.shop.query(sql);
    await this.settle();
  }

  /** Runs partial syncs until nothing is queued, then publishes; held deletions are approved. */
  async settle(): Promise<void> {
    const { store } = this.#options;
    for (;;) {
      const { changes } = await this.#run<PartialSyncResult>(WORKFLOW.partialSync, {
        listenSeconds: 0,
      });
      await this.#queuedFullSyncs();
      if (await this.#approveHeld()) continue;
      const pending = await feedsWithPending(store);
      if (changes === 0 && pending.length === 0 && (await queuedSyncs(store)).length === 0) break;
    }
    await this.#run(WORKFLOW.publishLegacyFeeds, {});
  }

  async #queuedFullSyncs(): Promise<void> {
    const { client, instance, feeds } = this.#options;
    for (const { name } of feeds) {
      // There may be none.
      await client.workflow
        .getHandle(queuedSyncId(instance, name))
        .result()
        .catch(() => undefined);
    }
  }

  async #approveHeld(): Promise<boolean> {
    const { store, feeds, say } = this.#options;
    const held: FeedName[] = [];
    for (const { name, table } of feeds) {
      const deletions = await heldDeletions(store, { name, table });
      if (deletions === undefined || deletions.releasedAt !== undefined) continue;
      say(`${name}: ${deletions.items} deletions were held, and are approved`);
      held.push(name);
    }
    if (held.length === 0) return false;
    await this.#run<FullSyncResult>(WORKFLOW.fullSync, { feeds: held, approveDeletions: true });
    return true;
  }

  async #run<Result>(type: string, input: object): Promise<Result> {
    const { client, taskQueue } = this.#options;
    this.#runs += 1;
    return client.workflow.execute<(input: object) => Promise<Result>>(type, {
      workflowId: `parity-${type}-${this.#runs}`,
      taskQueue,
      args: [input],
    });
  }
}
