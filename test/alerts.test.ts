import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Alert } from '../src/activities/alert-conditions.js';
import { feedNamed } from '../src/feeds/registry.js';
import { openCircuit } from '../src/store/circuits.js';
import { holdDeletions } from '../src/store/held-deletions.js';
import { queueEntities } from '../src/store/pending.js';
import { recordRunEnd, recordRunStart } from '../src/store/runs.js';
import { NO_COUNTS } from '../src/feeds/counts.js';
import { runProgram, type ProgramResult } from './program.js';
import { TestSystem } from './system.js';

interface Told {
  readonly status: string;
  readonly key: string;
  readonly feed: string | null;
  readonly what: string;
  readonly cause: string;
  readonly command: string;
  readonly text: string;
}

let system: TestSystem;
let webhook: HttpServer;
let mail: Server;
let settings: Record<string, string>;
let told: Told[] = [];
let mails: string[] = [];
let webhookStatus = 200;

beforeAll(async () => {
  webhook = createHttpServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => {
      if (webhookStatus === 200) told.push(JSON.parse(body) as Told);
      outgoing.writeHead(webhookStatus).end();
    });
  });
  mail = smtpServer((text) => mails.push(text));
  await Promise.all([listening(webhook), listening(mail)]);
  settings = {
    ALERT_WEBHOOK_URL: `http://127.0.0.1:${portOf(webhook)}/hook?key=secret`,
    ALERT_EMAIL_TO: 'ops@example.com',
    ALERT_SMTP_URL: `smtp://127.0.0.1:${portOf(mail)}`,
    ALERT_LAG_SECONDS: '60',
  };
  system = await TestSystem.start({
    catalog: { products: 10, storeViews: 1, websites: 1 },
    capture: true,
    settings,
  });
});
afterAll(async () => {
  webhook.close();
  mail.close();
  await system.stop();
});
beforeEach(() => {
  told = [];
  mails = [];
});

function check(): Promise<ProgramResult> {
  return runProgram(['alerts', 'check', '--json'], system.settings);
}

/** As before the first look. */
async function forgetAll(): Promise<void> {
  await system.store.run(`DELETE FROM ${system.store.t('alert')}`);
  await system.store.run(`DELETE FROM ${system.store.t('alert_delivery')}`);
}

const brief = (): string[] => told.map(({ status, key }) => `${status} ${key}`).sort();

describe('an alert', () => {
  test('is told once by webhook and e-mail, with feed, cause and next command', async () => {
    await queueEntities(system.store, 'prices', [1, 2]);
    await system.store.run(
      `UPDATE ${system.store.t('pending_entity')} SET changed_at = changed_at - INTERVAL 1 HOUR`,
    );
    const { code, stdout } = await check();
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as Alert[]).map(({ key }) => key)).toEqual(['worker', 'lag/prices']);
    expect(brief()).toEqual(['raised lag/prices', 'raised worker']);
    const lag = told.find(({ key }) => key === 'lag/prices')!;
    expect(lag).toMatchObject({ feed: 'prices', command: 'saas-export status' });
    expect(lag.what).toMatch(/^2 changed entities of prices are not sent, the oldest for 36\d\d/);
    expect(lag.text).toContain(`[saas-export ${system.instance}] 2 changed entities`);
    expect(mails.join('\n')).toMatch(/Subject: [^]*Why: [^]*Next: saas-export status/);
    expect(mails).toHaveLength(2);
    await check();
    expect(told).toHaveLength(2);
  });

  test('is told by a worker too, and resolved when the condition is over', async () => {
    await system.startWorker();
    await system.partialSync();
    expect(brief()).toEqual(['resolved worker']);
    await system.partialSync();
    expect(brief()).toEqual(['resolved lag/prices', 'resolved worker']);
    expect((await check()).code).toBe(0);
  });

  test('of quarantine is told again when it has doubled, and not before', async () => {
    const quarantine = (count: number): Promise<number> =>
      system.store.run(
        `INSERT IGNORE INTO ${system.store.t('refused_item')}
           (feed, feed_id, source_entity_id, feed_hash, refusals, state, first_refused_at, last_refused_at)
         VALUES ${Array.from({ length: count }, (_, index) => `('products', 'i${index}', 1, 'h', 5, 'quarantined', NOW(3), NOW(3))`).join(', ')}`,
      );
    await quarantine(2);
    await system.partialSync();
    await quarantine(3);
    await system.partialSync();
    expect(told.map(({ what }) => what)).toEqual(['2 items of products are in quarantine.']);
    await quarantine(4);
    await system.partialSync();
    expect(told.at(-1)).toMatchObject({
      what: '4 items of products are in quarantine.',
      command: 'saas-export quarantine list --feed products',
    });
    await system.store.run(`DELETE FROM ${system.store.t('refused_item')}`);
    await system.partialSync();
    expect(told.at(-1)).toMatchObject({ status: 'resolved', key: 'quarantine/products' });
  });

  test('tells missing triggers before they are put right', async () => {
    const [rows] = await system.shop.query(
      `SELECT trigger_name AS name FROM information_schema.triggers
       WHERE trigger_schema = DATABASE() AND event_object_table = 'rating' LIMIT 1`,
    );
    await system.shop.query('DROP TRIGGER ??', [(rows as [{ name: string }])[0].name]);
    await system.partialSync();
    expect(told.at(-1)).toMatchObject({ key: 'capture', command: 'saas-export doctor' });
    expect(told.at(-1)?.cause).toContain('on rating is missing');
    await system.partialSync();
    expect(told.at(-1)).toMatchObject({ status: 'resolved', key: 'capture' });
  });

  test('of items that the service does not take tells since when, and what it answers', async () => {
    system.proxy.fault = () => ({ status: 400, body: 'bad request' });
    await system.fullSync({ feeds: ['products'], force: true });
    await check();
    expect(told.map(({ key }) => key)).not.toContain('retry/products');
    const products = system.store.t(feedNamed('products').table);
    await system.store.run(
      `UPDATE ${products} SET first_failed_at = first_failed_at - INTERVAL 1 HOUR LIMIT 1`,
    );
    const { stdout } = await check();
    expect((JSON.parse(stdout) as Alert[]).map(({ key }) => key)).toContain('retry/products');
    expect(told.find(({ key }) => key === 'retry/products')).toMatchObject({
      status: 'raised',
      feed: 'products',
      what: expect.stringMatching(
        /^The service has not taken \d+ items of products, the oldest for 36\d\d seconds\.$/,
      ) as string,
      cause: 'HTTP 400: bad request',
      command: 'saas-export items --feed products --status retry',
    });
    system.proxy.fault = () => ({});
    await system.fullSync({ feeds: ['products'] });
    await check();
    expect(brief()).toContain('resolved retry/products');
    await system.expectConverged(['products']);
  });

  test('of a failed run holds the run’s own sentence', async () => {
    const runId = await recordRunStart(system.store, {
      feed: 'variants',
      operation: 'full sync',
      workflowId: 'w',
      workflowRunId: 'w',
      launchedBy: undefined,
      requestedBy: undefined,
      reason: undefined,
      trigger: 'test',
      options: {},
      codeVersion: '0',
      contractVersion: 1,
    });
    const sentence = 'Full sync of variants failed: no such table.';
    await recordRunEnd(system.store, runId, { outcome: 'failed', sentence, counts: NO_COUNTS });
    await system.partialSync();
    expect(told.at(-1)).toMatchObject({
      key: 'run/variants',
      cause: sentence,
      command: `saas-export history ${runId}`,
    });
  });

  test('that a channel did not take is told to that channel by the next look', async () => {
    await forgetAll();
    webhookStatus = 500;
    await system.partialSync();
    expect({ told, mails: mails.length }).toEqual({ told: [], mails: 1 });
    webhookStatus = 200;
    await system.partialSync();
    expect({ told: brief(), mails: mails.length }).toEqual({
      told: ['raised run/variants'],
      mails: 1,
    });
  });

  test('that is over is told to whoever was told of it, also where a channel fails at first', async () => {
    await system.store.run(
      `UPDATE ${system.store.t('sync_run')} SET outcome = 'completed' WHERE feed = 'variants'`,
    );
    webhookStatus = 500;
    await system.partialSync();
    expect({ told, mails: mails.length }).toEqual({ told: [], mails: 1 });
    webhookStatus = 200;
    await system.partialSync();
    await system.partialSync();
    expect({ told: brief(), mails: mails.length }).toEqual({
      told: ['resolved run/variants'],
      mails: 1,
    });
    expect(await system.store.rows(`SELECT * FROM ${system.store.t('alert')}`)).toEqual([]);
    expect(await system.store.rows(`SELECT * FROM ${system.store.t('alert_delivery')}`)).toEqual(
      [],
    );
  });

  test('tells changes that nobody takes, a service that refuses, and deletions that are held', async () => {
    const { store } = system;
    // The schedule is paused, as it were: the look is made by hand, and takes nothing.
    await system.shop.query('UPDATE rating SET position = position + 1');
    await system.shop.query(
      'UPDATE saas_export_changelog SET changed_at = changed_at - INTERVAL 1 HOUR',
    );
    await openCircuit(store, {
      credential: 'c',
      scope: 'prices',
      reason: 'The service answered 403.',
      probeInSeconds: 3600,
    });
    await store.run(
      `INSERT INTO ${store.t('cde_categories_feed')}
         (feed_id, source_entity_id, feed_data, feed_hash, status, missing_seq, modified_at)
       VALUES ('gone', 77, '{}', 'h', 200, 5, NOW(3))`,
    );
    await store.transaction((transaction) => holdDeletions(store, transaction, 'categories', 5, 1));
    await check();
    expect(brief()).toEqual(['raised held/categories', 'raised lag/*', 'raised service/prices']);
    expect(told.find(({ key }) => key === 'lag/*')).toMatchObject({
      feed: null,
      what: expect.stringMatching(/noted changes of the shop are not taken/) as string,
      command: 'saas-export status',
    });
    expect(told.find(({ key }) => key === 'service/prices')).toMatchObject({
      feed: 'prices',
      cause: 'The service answered 403. (1 attempts)',
      command: 'saas-export doctor',
    });
    expect(told.find(({ key }) => key === 'held/categories')).toMatchObject({
      feed: 'categories',
      command: 'saas-export deletions list --feed categories',
    });
    await store.run(`DELETE FROM ${store.t('circuit')}`);
    await store.run(`DELETE FROM ${store.t('held_deletions')}`);
    await store.run(`DELETE FROM ${store.t('cde_categories_feed')}`);
    // The first look still finds the changes, which the sync takes after it.
    await system.partialSync();
    await system.partialSync();
    expect(brief().slice(3)).toEqual([
      'resolved held/categories',
      'resolved lag/*',
      'resolved service/prices',
    ]);
  });
});

describe('alerts test', () => {
  test('sends a message by each channel', async () => {
    const { code, stdout } = await runProgram(['alerts', 'test'], system.settings);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Told by webhook.\nTold by e-mail.\n' });
    expect(told).toHaveLength(1);
    expect(mails).toHaveLength(1);
  });

  test('says which settings are missing', async () => {
    const bare = { ...system.settings, ALERT_WEBHOOK_URL: '', ALERT_EMAIL_TO: '' };
    const { code, stderr } = await runProgram(['alerts', 'test'], bare);
    expect(code).toBe(2);
    expect(stderr).toContain('ALERT_WEBHOOK_URL');
  });
});

test('the system converges while alerts are told', async () => {
  await system.fullSync({ feeds: ['products'] });
  await system.expectConverged(['products']);
});

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** As much of SMTP (RFC 5321) as it takes to receive mails. */
function smtpServer(take: (text: string) => void): Server {
  return createServer((socket) => {
    let buffer = '';
    let text: string | undefined;
    const answer = (line: string): void => void socket.write(`${line}\r\n`);
    answer('220 test');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      buffer += chunk.toString();
      for (let at = buffer.indexOf('\r\n'); at >= 0; at = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, at);
        buffer = buffer.slice(at + 2);
        if (text !== undefined) {
          if (line === '.') {
            take(text);
            text = undefined;
            answer('250 taken');
          } else text += `${line}\n`;
        } else if (line.startsWith('DATA')) {
          text = '';
          answer('354 go on');
        } else if (line.startsWith('QUIT')) {
          answer('221 bye');
          socket.end();
        } else answer('250 ok');
      }
    });
  });
}
