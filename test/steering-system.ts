import type { WorkflowHandle } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, vi } from 'vitest';

import type { FeedName } from '../src/feeds/names.js';
import {
  fullSyncProgressQuery,
  progressQuery,
  type FeedProgress,
  type Progress,
} from '../src/workflows/messages.js';
import { feedSyncId } from '../src/workflows/names.js';
import type { TestSystem } from './system.js';

/** Longer than the worker takes to hear of a cancellation, which comes with heartbeats. */
export const PATIENCE = { timeout: 60_000, interval: 100 };

/** The run of a feed, whoever started it. */
export function runOf(system: TestSystem, feed: FeedName): WorkflowHandle {
  return system.client.workflow.getHandle(feedSyncId(system.instance, feed));
}

export async function progressOf(system: TestSystem, feed: FeedName): Promise<Progress> {
  return runOf(system, feed).query(progressQuery);
}

/** Waits until the run of a feed is in a phase. */
export async function inPhase(
  system: TestSystem,
  feed: FeedName,
  phase: Progress['phase'],
): Promise<void> {
  await vi.waitFor(
    async () => expect((await progressOf(system, feed)).phase).toBe(phase),
    PATIENCE,
  );
}

/** Waits until a feed of a full sync is in a state; returns its line. */
export async function inState(
  launcher: WorkflowHandle,
  feed: FeedName,
  state: FeedProgress['state'],
): Promise<FeedProgress> {
  return vi.waitFor(async () => {
    const { feeds } = await launcher.query(fullSyncProgressQuery);
    const line = feeds.find((each) => each.feed === feed);
    expect(line?.state).toBe(state);
    return line!;
  }, PATIENCE);
}

/** Waits until no request has arrived for a while: what was in flight has ended. */
export async function quiet(system: TestSystem, milliseconds = 1500): Promise<number> {
  for (let seen = -1; seen !== system.proxy.requests.length;) {
    seen = system.proxy.requests.length;
    await sleep(milliseconds);
  }
  return system.proxy.requests.length;
}

/** The newest record of a feed's runs. */
export async function lastRun(
  system: TestSystem,
  feed: FeedName,
): Promise<Record<string, unknown>> {
  const [row] = await system.store.rows<Record<string, unknown>>(
    `SELECT * FROM ${system.store.t('sync_run')} WHERE feed = ? ORDER BY run_id DESC LIMIT 1`,
    [feed],
  );
  return row!;
}

/** The current details that the Temporal UI shows of a run. */
export async function detailsOf(handle: WorkflowHandle): Promise<string> {
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}
