import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { findTemporal } from '../src/sandbox/servers/temporal-binary.js';
import { lastRun } from './steering-system.js';
import { TestSystem } from './system.js';

const PAGE = new URL('../docs/temporal-ui.md', import.meta.url);
const run = promisify(execFile);

let system: TestSystem;
let binary: string;

beforeAll(async () => {
  ({ path: binary } = await findTemporal({ environment: process.env, report: () => undefined }));
  system = await TestSystem.start({ catalog: { products: 60, storeViews: 2 }, capture: true });
  await system.startWorker();
});
afterAll(() => system.stop());

/** The commands of the page, as they are to be typed. */
async function documented(): Promise<string[]> {
  const page = await readFile(PAGE, 'utf8');
  return page.split('\n').filter((line) => /^temporal workflow [a-z-]+ .*--/.test(line));
}

/** Runs a command of the page against the test's own server, shop and task queue. */
async function type(command: string): Promise<string> {
  const here = command
    .replace('--task-queue saas-export', `--task-queue ${system.taskQueue}`)
    .replace(/--workflow-id ([a-z]+-)/, `--workflow-id ${system.instance}-$1`)
    .replace('--workflow-id sync/', `--workflow-id ${system.instance}/sync/`)
    .replace(/^temporal /, `'${binary}' `);
  const { stdout, stderr } = await run('sh', ['-c', here], {
    env: { ...process.env, TEMPORAL_ADDRESS: inject('temporal').address },
  });
  return stdout + stderr;
}

test('the commands of the page do what it says, in its order', async () => {
  const commands = await documented();
  expect(commands).toHaveLength(12);
  const [start, query, pause, again, cleanup, resume, result, ...others] = commands;
  // Long enough to be paused.
  system.proxy.fault = () => ({ delayMs: 2_000 });
  await type(start!);
  await system.proxy.seen(1);
  expect(await type(query!)).toContain('"feed":"products"');
  await type(pause!);
  expect(await type(again!)).toContain('products is paused by ada (stock-taking) already.');
  expect(await type(cleanup!)).toContain('products starts over as a full sync by ada');
  system.proxy.fault = () => ({});
  expect(await type(resume!)).toContain('products goes on by ada.');
  expect(await type(result!)).toContain('completed');
  expect(await lastRun(system, 'products')).toMatchObject({
    requested_by: 'ada',
    reason: 'new price list',
    sentence: expect.stringContaining('paused by ada (stock-taking)') as string,
  });

  const [changes, changesResult, signalled, cancel, list] = others;
  await type(changes!);
  expect(await type(changesResult!)).toContain('changes');
  system.proxy.fault = () => ({ delayMs: 2_000 });
  await type(signalled!);
  await type(cancel!);
  expect(await type(list!)).toContain('feedSync');
  system.proxy.fault = () => ({});
  await system.fullSync({ feeds: ['products'] });
  await system.expectConverged(['products']);
}, 200_000);

test('an update with a wrong payload fails and names the fields there are', async () => {
  system.proxy.fault = () => ({ delayMs: 1_000 });
  const full = await system.startFullSync({ feeds: ['products'], force: true, batchSize: 20 });
  const seen = system.proxy.requests.length;
  await system.proxy.seen(seen + 1);
  const wrong = `temporal workflow update execute --workflow-id sync/products --name pause --input '{"because": "lunch"}'`;
  await expect(type(wrong)).rejects.toMatchObject({
    stderr: expect.stringContaining('Unknown field “because”. Fields: by, reason.') as string,
  });
  system.proxy.fault = () => ({});
  expect((await full.result()).outcome).toBe('completed');
  await system.expectConverged(['products']);
}, 200_000);
