import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

import { workflowBundle } from '../src/worker/bundle.js';

const FOLDER = new URL('./histories/', import.meta.url);

let bundle: Awaited<ReturnType<typeof workflowBundle>>;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  bundle = await workflowBundle();
});

describe('recorded histories replay with the code as it is', () => {
  test.each(readdirSync(fileURLToPath(FOLDER)))('%s', async (name) => {
    const history = historyFromJSON(
      JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as object,
    );
    await expect(
      Worker.runReplayHistory({ workflowBundle: bundle }, history, 'replayed'),
    ).resolves.not.toThrow();
  });
});

test('a renamed activity is noticed', async () => {
  const recorded = readFileSync(new URL('feed-sync-products.json', FOLDER), 'utf8');
  const history = historyFromJSON(
    JSON.parse(recorded.replaceAll('"planSegments"', '"planRanges"')) as object,
  );
  await expect(
    Worker.runReplayHistory({ workflowBundle: bundle }, history, 'replayed'),
  ).rejects.toThrow('planRanges');
});
