import { ScheduleNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { PATIENCE } from './steering-system.js';
import { TestSystem } from './system.js';

/** Those of the default settings; `compare` is for shops without triggers. */
const SCHEDULES = ['partial-sync', 'retry-failed', 'publish-legacy', 'cleanup-deleted'];

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 20, storeViews: 1 }, capture: true });
});
afterAll(async () => {
  await system.stopWorkers();
  for (const name of SCHEDULES)
    await schedule(name)
      .delete()
      .catch(() => undefined);
  await system.stop();
});

const schedule = (name: string) =>
  system.client.schedule.getHandle(`${system.instance}-saas-export-${name}`);

test('a worker applies the schedules when it starts only if it is told to', async () => {
  await system.startWorker({ APPLY_SCHEDULES: '0' });
  await system.fullSync({ feeds: ['products'] });
  for (const name of SCHEDULES) {
    await expect(schedule(name).describe()).rejects.toThrow(ScheduleNotFoundError);
  }
  await system.stopWorkers();

  await system.startWorker({ APPLY_SCHEDULES: '1' });
  for (const name of SCHEDULES) {
    const described = await vi.waitFor(() => schedule(name).describe(), PATIENCE);
    expect(described.action).toMatchObject({ taskQueue: system.taskQueue });
    expect(described.state.paused).toBe(false);
  }
});
