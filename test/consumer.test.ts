import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { freePort } from '../src/sandbox/servers/ports.js';
import { API_KEY, ENVIRONMENT, TestIngestion } from './ingestion.js';

const example = fileURLToPath(new URL('../examples/consumer.mjs', import.meta.url));
const PATH = `feeds/scopesWebsite/v1/${ENVIRONMENT}`;
const website = (websiteId: number, more: Record<string, unknown> = {}): unknown => ({
  websiteId: String(websiteId),
  websiteCode: `website-${websiteId}`,
  stores: null,
  ...more,
});

let ingestion: TestIngestion;
let directory: string;

beforeAll(async () => {
  ingestion = await TestIngestion.start({ webhookWaitSeconds: 0.05 });
  directory = mkdtempSync(join(tmpdir(), 'saas-export-consumer-'));
});

afterAll(async () => {
  await ingestion.close();
  rmSync(directory, { recursive: true, force: true });
});

const held = (copy: string): unknown[] =>
  Object.values((JSON.parse(readFileSync(copy, 'utf8')) as { items: object }).items);
const inOrder = (items: unknown[]): string[] =>
  items.map((item) => JSON.stringify(item)).toSorted();

function start(copy: string, more: readonly string[]): ReturnType<typeof spawn> {
  const args = ['--url', ingestion.service.url, '--environment', ENVIRONMENT, '--copy', copy];
  return spawn(process.execPath, [example, ...args, '--api-key', API_KEY, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('the example keeps a copy that equals what the service holds, read after read', async () => {
  const copy = join(directory, 'read.json');
  const rounds = [
    Array.from({ length: 60 }, (_, n) => website(n)),
    [website(3, { websiteCode: 'renamed' }), website(4, { deleted: true })],
    [website(4), website(5, { deleted: true })],
  ];
  for (const [round, items] of rounds.entries()) {
    ingestion.now = new Date(Date.UTC(2026, 10, 22, 0, round));
    expect((await ingestion.post(PATH, items)).status).toBe(200);
    const child = start(copy, ['--once']);
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    expect(inOrder(held(copy))).toEqual(inOrder(await ingestion.items('scopesWebsite')));
  }
});

test('the example is told of changes by a webhook', async () => {
  const copy = join(directory, 'told.json');
  const port = await freePort();
  const child = start(copy, ['--webhook-port', String(port), '--feeds', 'scopesWebsite']);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  ingestion.now = new Date(Date.UTC(2026, 10, 22, 1));
  await ingestion.post(PATH, [website(100), website(101)]);
  const expected = inOrder(await ingestion.items('scopesWebsite'));
  for (;;) {
    try {
      if (JSON.stringify(inOrder(held(copy))) === JSON.stringify(expected)) break;
    } catch {
      // The copy is not there before the first delivery.
    }
    await sleep(20);
  }
  child.kill('SIGINT');
  await new Promise((resolve) => child.once('exit', resolve));
  const { body } = await ingestion.get('/webhooks', { 'x-api-key': API_KEY });
  expect(body).toEqual({ webhooks: [] });
});
