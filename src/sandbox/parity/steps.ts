import type { Client } from '@temporalio/client';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

import { table } from '../../client/table.js';
import { CommerceDatabase } from '../../commerce/database.js';
import { DEFAULT_FEED_SETTINGS, type Feed } from '../../feeds/feed.js';
import type { FeedName } from '../../feeds/names.js';
import { previewFeed } from '../../feeds/preview.js';
import { heldItems } from '../held-items.js';
import type { Sandbox } from '../sandbox.js';
import { storedOrderUuids } from '../../store/order-uuids.js';
import { Store } from '../../store/store.js';
import { compareFeed, identityKey } from './comparison.js';
import type { Item } from './field-differences.js';
import type { Change, PartialStep } from './partial-steps.js';
import type { RecordingProxy } from './recording-proxy.js';
import { parseLines } from './reference-folder.js';
import { StepRunner } from './step-runner.js';

export interface StepsOptions {
  readonly sandbox: Sandbox;
  readonly client: Client;
  readonly proxy: RecordingProxy;
  readonly steps: readonly PartialStep[];
  readonly feeds: readonly Feed[];
  readonly clock: () => Date;
  /** Where what was sent, and what the service then holds, is written. */
  readonly folder: string;
  readonly say: (sentence: string) => void;
}

/** What came of a step. */
export interface StepResult {
  readonly step: PartialStep;
  /** Items submitted. */
  readonly sent: number;
  /** Items that the reference sent, and how many of them were sent with an equal payload. */
  readonly expected: number;
  readonly equal: number;
  /** Expected items that differ or were not sent, with an example. */
  readonly remarks: readonly string[];
  /** Feeds of which the service does not hold what a fresh export gives. */
  readonly diverged: readonly string[];
  readonly isGood: boolean;
}

/** Applies the steps one after the other; after each, what was sent and what is held is compared. */
export async function runSteps(options: StepsOptions): Promise<StepResult[]> {
  const { sandbox, client, proxy, steps, feeds, folder, say } = options;
  const { settings } = sandbox;
  const shop = await createConnection({
    uri: settings['COMMERCE_DATABASE_URL'] ?? '',
    multipleStatements: true,
    charset: 'utf8mb4',
  });
  const store = new Store({ databaseUrl: settings['EXPORT_DATABASE_URL'] ?? '' });
  const commerce = new CommerceDatabase({ url: settings['COMMERCE_DATABASE_URL'] ?? '' });
  const runner = new StepRunner({
    client,
    taskQueue: settings['TEMPORAL_TASK_QUEUE'] ?? '',
    instance: settings['EXPORT_INSTANCE'] ?? '',
    shop,
    store,
    feeds,
    say,
  });
  // The last item of each identity that was sent: what the reference sends late counts as sent.
  const last = new Map<FeedName, Map<string, Item>>(feeds.map(({ name }) => [name, new Map()]));
  const results: StepResult[] = [];
  try {
    await runner.settle();
    proxy.take();
    for (const step of steps) {
      const parts: { readonly change: Change; readonly name: string }[] = [
        { change: step.change, name: 'sent' },
        ...(step.afterFullReindex === undefined
          ? []
          : [{ change: step.afterFullReindex, name: 'sent-after-full-reindex' }]),
      ];
      let sent = 0;
      const counts = { expected: 0, equal: 0 };
      const remarks: string[] = [];
      for (const { change, name } of parts) {
        await runner.apply(change.sql);
        const taken = proxy.take();
        for (const [feed, items] of taken) {
          sent += items.length;
          for (const item of items) last.get(feed)?.set(identityKey(feed, item), item);
        }
        await write(join(folder, step.id, name), taken);
        for (const [feed, items] of change.expected) {
          const known = last.get(feed);
          if (known === undefined) continue;
          const keys = new Set(items.map((item) => identityKey(feed, item)));
          const ours = [...known].filter(([key]) => keys.has(key)).map(([, item]) => item);
          const { reference, equal, documented, paths, missing } = compareFeed(feed, items, ours);
          counts.expected += reference;
          counts.equal += equal + documented;
          if (missing > 0) remarks.push(`${feed}: ${missing} were not sent`);
          for (const path of paths) {
            remarks.push(`${feed} ${path.name}: ${path.items}, e.g. ${path.example}`);
          }
        }
      }
      const diverged: string[] = [];
      const state = new Map<FeedName, Item[]>();
      for (const feed of feeds) {
        const held = parseLines(await (await heldItems(sandbox, feed.name)).text());
        state.set(feed.name, held);
        const fresh = await freshItems(commerce, store, feed, options);
        const comparison = compareFeed(
          feed.name,
          fresh.map((item) => counted(feed, item)),
          held.map((item) => counted(feed, item)),
        );
        if (comparison.share < 1) {
          diverged.push(
            `${feed.name}: ${comparison.different} differ${comparison.paths.map(({ name, example }) => ` (${name}, ${example})`).join('')}, ${comparison.missing} are missing, ${comparison.extra} too many`,
          );
        }
      }
      await write(join(folder, step.id, 'state'), state);
      const isGood = diverged.length === 0 && counts.equal === counts.expected;
      results.push({ step, sent, ...counts, remarks, diverged, isGood });
      say(
        `${step.id}: ${sent} sent, ${isGood ? 'converged' : [...remarks, ...diverged].join('; ')}`,
      );
    }
  } finally {
    await Promise.all([shop.end(), store.close(), commerce.close()]);
  }
  return results;
}

/** An item without the fields that are no reason to send it again. */
function counted(feed: Feed, item: Item): Item {
  const uncounted = ['modifiedAt', 'updatedAt', ...feed.unhashed];
  return Object.fromEntries(Object.entries(item).filter(([field]) => !uncounted.includes(field)));
}

export function stepTable(results: readonly StepResult[]): string {
  const rows = results.map(({ step, sent, expected, equal, diverged, isGood }) => [
    step.id,
    sent,
    expected,
    equal,
    diverged.length === 0 ? 'yes' : 'no',
    isGood ? '' : 'look below',
  ]);
  const troubles = results.flatMap(({ step, remarks, diverged }) =>
    [...remarks, ...diverged].map((each) => `  ${step.id} ${each}`),
  );
  return [
    table(['step', 'sent', 'expected', 'equal', 'converged', ''], rows),
    `${results.filter(({ isGood }) => isGood).length} of ${results.length} steps as expected, ${results.filter(({ diverged }) => diverged.length === 0).length} converged`,
    ...troubles,
  ].join('\n');
}

async function freshItems(
  commerce: CommerceDatabase,
  store: Store,
  feed: Feed,
  { sandbox, clock }: StepsOptions,
): Promise<Item[]> {
  let lines = '';
  await previewFeed(commerce, feed, {
    tablePrefix: sandbox.settings['COMMERCE_TABLE_PREFIX'] ?? '',
    clock,
    settings: DEFAULT_FEED_SETTINGS,
    orderUuids: storedOrderUuids(store),
    write: (text) => {
      lines += text;
    },
    onFailure: () => undefined,
  });
  return parseLines(lines);
}

async function write(folder: string, items: ReadonlyMap<FeedName, readonly Item[]>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [feed, each] of items) {
    const lines = each.map((item) => `${JSON.stringify(item)}\n`).join('');
    await writeFile(join(folder, `${feed}.jsonl`), lines);
  }
}
