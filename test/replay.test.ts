import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

import { workflowBundle } from '../src/worker/bundle.js';

/** Where workflows hand their spans; those of a replay were handed on before. */
const NO_SPANS = { exporter: { export: { fn: () => undefined } } };

const FOLDER = new URL('./histories/', import.meta.url);

let bundle: Awaited<ReturnType<typeof workflowBundle>>;
let traced: Awaited<ReturnType<typeof workflowBundle>>;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  bundle = await workflowBundle();
  traced = await workflowBundle({ traced: true });
});

describe.each(['as it is', 'when it makes spans'])(
  'recorded histories replay with the code %s',
  (how) => {
    test.each(readdirSync(fileURLToPath(FOLDER)))('%s', async (name) => {
      const history = historyFromJSON(
        JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as object,
      );
      const workflowBundle = how === 'as it is' ? bundle : traced;
      await expect(
        Worker.runReplayHistory({ workflowBundle, sinks: NO_SPANS }, history, 'replayed'),
      ).resolves.not.toThrow();
    });
  },
);

test('a renamed activity is noticed', async () => {
  const recorded = readFileSync(new URL('feed-sync-products.json', FOLDER), 'utf8');
  const history = historyFromJSON(
    JSON.parse(recorded.replaceAll('"planSegments"', '"planRanges"')) as object,
  );
  await expect(
    Worker.runReplayHistory({ workflowBundle: bundle }, history, 'replayed'),
  ).rejects.toThrow('planRanges');
});
