import type { Client } from '@temporalio/client';
import { MultiBar, type SingleBar } from 'cli-progress';
import { setTimeout as sleep } from 'node:timers/promises';

import { fullSyncProgressQuery, progressQuery } from '../workflows/messages.js';
import type { FeedProgress, FullSyncResult } from '../workflows/messages.js';

const POLL_MILLISECONDS = 400;

/** Shows a bar for each feed of a full sync while it runs; returns the sync's result. */
export async function followFullSync(
  client: Client,
  workflowId: string,
  bars: ProgressBars | undefined,
  stopShowing?: AbortSignal,
): Promise<FullSyncResult> {
  const handle = client.workflow.getHandle<(input: unknown) => Promise<FullSyncResult>>(workflowId);
  const ended = new AbortController();
  const result = handle.result().finally(() => ended.abort());
  result.catch(() => undefined);
  stopShowing?.addEventListener('abort', () => {
    bars?.stop();
    ended.abort();
  });
  while (bars !== undefined && !ended.signal.aborted) {
    try {
      const { feeds } = await handle.query(fullSyncProgressQuery);
      for (const feed of feeds) await showFeed(client, feed, bars);
    } catch {
      // A query needs a worker; the result does not depend on it.
    }
    await sleep(POLL_MILLISECONDS, undefined, { signal: ended.signal }).catch(() => undefined);
  }
  try {
    const outcome = await result;
    if (stopShowing?.aborted !== true) bars?.finish(outcome);
    return outcome;
  } finally {
    bars?.stop();
  }
}

async function showFeed(client: Client, feed: FeedProgress, bars: ProgressBars): Promise<void> {
  if (feed.state === 'waiting for another run') {
    bars.state(feed.feed, `waits for ${feed.waitsFor ?? 'another run'}`);
    return;
  }
  if (feed.state !== 'running') {
    bars.state(feed.feed, feed.state);
    return;
  }
  const progress = await client.workflow.getHandle(feed.workflowId).query(progressQuery);
  bars.show(feed.feed, {
    done: progress.processed,
    total: progress.total,
    items: progress.sent + progress.skipped,
    note: progress.paused === undefined ? progress.phase : 'paused',
    eta: progress.etaSeconds,
  });
}

interface BarFacts {
  readonly done: number;
  readonly total: number;
  readonly items: number;
  readonly note: string;
  readonly eta: number | null;
}

/** One bar a feed: entities done, items, items a second, time left. */
export class ProgressBars {
  readonly #bars = new Map<string, { readonly bar: SingleBar; readonly start: number }>();
  readonly #multi = new MultiBar({
    format: '{feed} {bar} {percentage}% | {items} items | {rate}/s | left {left} | {note}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    stopOnComplete: false,
    clearOnComplete: false,
    forceRedraw: true,
  });

  show(feed: string, facts: BarFacts): void {
    const { bar, start } = this.#bar(feed);
    const seconds = (performance.now() - start) / 1000;
    bar.setTotal(Math.max(facts.total, 1));
    bar.update(Math.min(facts.done, facts.total), {
      items: facts.items.toLocaleString('en-US'),
      rate: seconds > 0 ? Math.round(facts.items / seconds).toLocaleString('en-US') : '–',
      left: facts.eta === null ? '–' : `${facts.eta} s`,
      note: facts.note,
    });
  }

  state(feed: string, state: string): void {
    const known = this.#bars.get(feed);
    if (state === 'queued' && known === undefined) return;
    this.#bar(feed).bar.update({ note: state });
  }

  finish(result: FullSyncResult): void {
    for (const [feed, { outcome, counts }] of Object.entries(result.feeds)) {
      this.show(feed, {
        done: counts.processed,
        total: counts.processed,
        items: counts.collected,
        note: outcome,
        eta: 0,
      });
    }
  }

  stop(): void {
    this.#multi.stop();
  }

  #bar(feed: string): { readonly bar: SingleBar; readonly start: number } {
    const known = this.#bars.get(feed);
    if (known !== undefined) return known;
    const bar = this.#multi.create(1, 0, {
      feed: feed.padEnd(20),
      items: '0',
      rate: '–',
      left: '–',
      note: '',
    });
    const made = { bar, start: performance.now() };
    this.#bars.set(feed, made);
    return made;
  }
}
