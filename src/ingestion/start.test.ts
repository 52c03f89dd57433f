import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { pino } from 'pino';
import { expect, test } from 'vitest';

import { API_KEY, ENVIRONMENT, NOW, TestIngestion } from '../../test/ingestion.js';
import { freshDatabase } from '../../test/servers.js';
import { startIngestion, type IngestionServiceOptions } from './start.js';

const PATH = `feeds/scopesWebsite/v1/${ENVIRONMENT}`;
const website = { websiteId: '1', websiteCode: 'base', stores: null };

const options = (more: Partial<IngestionServiceOptions>): IngestionServiceOptions => ({
  databaseUrl: 'mysql://root@127.0.0.1:1/none',
  port: 0,
  apiKeys: [API_KEY],
  clock: () => NOW,
  logger: pino({ level: 'silent' }),
  ...more,
});

test('a restart keeps everything', async () => {
  const first = await TestIngestion.start();
  await first.post(PATH, [website]);
  const before = (await first.get('/feeds')).body;
  await first.close();
  const second = await TestIngestion.start({ databaseUrl: first.databaseUrl });
  expect((await second.get('/feeds')).body).toEqual(before);
  expect(await second.items('scopesWebsite')).toEqual([website]);
  await second.close();
});

test('what is being taken when the service stops is answered, and stored', async () => {
  const first = await TestIngestion.start();
  const blocker = await mysql.createConnection(first.databaseUrl);
  await blocker.query('LOCK TABLES ingestion_item WRITE');
  const answer = first.post(PATH, [website]);
  await waiting(blocker);
  const closed = first.close();
  await blocker.query('UNLOCK TABLES');
  expect((await answer).status).toBe(200);
  await closed;
  await blocker.end();
  const second = await TestIngestion.start({ databaseUrl: first.databaseUrl });
  expect(await second.items('scopesWebsite')).toEqual([website]);
  await second.close();
});

test('while the database is away, writing and reading are answered with 503, and health says why', async () => {
  const ingestion = await TestIngestion.start();
  const connection = await mysql.createConnection(ingestion.databaseUrl);
  const [, name = ''] = /\/([^/]+)$/.exec(ingestion.databaseUrl) ?? [];
  expect((await fetch(`${ingestion.service.url}/health`)).status).toBe(200);
  await connection.query('DROP DATABASE ??', [name]);
  const answer = await ingestion.post(PATH, [website]);
  expect(answer).toMatchObject({ status: 503, body: { error_code: '503000' } });
  expect(JSON.stringify(answer.body)).not.toMatch(/ingestion_item|mysql|root/);
  expect(answer.headers.get('retry-after')).toBe('5');
  for (const path of [
    '/feeds',
    '/changes',
    '/feeds/prices/changes',
    '/feeds/prices/items',
    '/feeds/prices/items?format=jsonl',
    `/feeds/prices/items/${'0'.repeat(40)}`,
    '/webhooks',
  ]) {
    const reading = await ingestion.get(path, { 'x-api-key': API_KEY });
    expect(reading, path).toMatchObject({ status: 503, body: { error_code: '503000' } });
    expect(reading.headers.get('retry-after'), path).toBe('5');
    expect(JSON.stringify(reading.body)).not.toMatch(/ingestion_item|mysql|root/);
  }
  await ingestion.close();
  await connection.end();
});

test('reading needs an API key when others than this machine can reach the service', async () => {
  const open = await TestIngestion.start({ host: '0.0.0.0' });
  expect((await open.get('/feeds')).status).toBe(403);
  expect((await open.get('/feeds', { 'x-api-key': API_KEY })).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${open.service.port}/health`)).status).toBe(200);
  await open.close();
});

test('a port that is taken is told as such', async () => {
  const { url } = await freshDatabase('ingestion_port');
  const first = await startIngestion(options({ databaseUrl: url }));
  await expect(
    startIngestion(options({ databaseUrl: url, port: first.port })),
  ).rejects.toMatchObject({
    code: 'SDE20-05',
    message: expect.stringContaining(String(first.port)) as string,
  });
  await first.close();
});

test('a database that does not answer is told as such', async () => {
  await expect(startIngestion(options({}))).rejects.toMatchObject({ code: 'SDE60-01' });
});

test('without an API key to accept, it does not start', async () => {
  await expect(startIngestion(options({ apiKeys: [] }))).rejects.toMatchObject({
    code: 'SDE10-01',
  });
});

/** Until a statement waits for the lock. */
async function waiting(connection: mysql.Connection): Promise<void> {
  for (;;) {
    const [rows] = await connection.query(
      `SELECT 1 FROM information_schema.processlist
       WHERE state LIKE 'Waiting for table%' AND info LIKE 'SELECT item_id AS itemId, id FROM ingestion_item%'`,
    );
    if ((rows as unknown[]).length > 0) return;
    await sleep(20);
  }
}
