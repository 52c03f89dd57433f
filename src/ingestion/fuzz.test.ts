import { connect } from 'node:net';
import { Pool } from 'undici';
import { afterEach, expect, test } from 'vitest';

import {
  FUZZ_ENVIRONMENT,
  FUZZ_SUBSCRIBED,
  fuzzRequest,
  type FuzzRequest,
} from '../../test/ingestion-fuzz.js';
import { Guard } from '../../test/ingestion-guard.js';
import { API_KEY, ENVIRONMENT, TestIngestion } from '../../test/ingestion.js';
import { randomNumbers } from '../../test/schema-samples.js';
import type { FeedItem } from '../feeds/feed.js';
import { feedIdOf } from '../feeds/item.js';
import { allFeeds } from '../feeds/registry.js';
import { COLLECTIONS } from './collections.js';
import { GENERATIONS, intakeRoutes } from './intake-routes.js';
import { MAX_WEBHOOKS } from './webhook-store.js';

/** To each of two services; `npm run fuzz:ingestion` sends many more. */
const REQUESTS = Math.ceil(Number(process.env['FUZZ_REQUESTS'] ?? 2000) / 2);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const CONNECTIONS = 16;
/** What is slower counts as hanging. */
const PATIENCE_MILLISECONDS = 20_000;

const EXPECTED = new Set([200, 201, 204, 400, 401, 403, 404, 409, 410, 413, 414, 415]);
/** What Node itself answers to what is no HTTP. */
const EXPECTED_RAW = new Set([...EXPECTED, 408, 417, 431, 505, undefined]);

let ingestion: TestIngestion;
let client: Pool;
let guard: Guard | undefined;

async function start(guarded: boolean): Promise<void> {
  guard = guarded ? await Guard.make() : undefined;
  const { publicKeyPem, clients } = guard ?? {};
  ingestion = await TestIngestion.start({
    maxBodyBytes: 1024 * 1024,
    ...(publicKeyPem === undefined ? {} : { publicKeyPem, clients }),
  });
  client = new Pool(ingestion.service.url, {
    connections: CONNECTIONS,
    headersTimeout: PATIENCE_MILLISECONDS,
    bodyTimeout: PATIENCE_MILLISECONDS,
  });
}

afterEach(async () => {
  await client.close();
  await ingestion.close();
});

test.each([
  ['asks for a key alone', false],
  ['checks signatures and tokens', true],
])(
  `${REQUESTS} random requests to a service that %s: none fails it or gets round its checks, and nothing wrong is stored`,
  { timeout: 60_000 + REQUESTS * 50 },
  async (_, guarded) => {
    await start(guarded);
    const website = { websiteId: '1', websiteCode: 'canary', stores: null };
    const canary = `feeds/scopesWebsite/v1/${ENVIRONMENT}`;
    expect((await ingestion.post(canary, [website], guard?.signed())).status).toBe(200);
    const random = randomNumbers(SEED);
    const statuses = new Map<number | undefined, number>();
    let sent = 0;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (sent < REQUESTS) {
          sent += 1;
          const request = fuzzRequest(random, guard);
          const status =
            request.raw === undefined ? await send(request) : await sendRaw(request.raw);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      }),
    );
    if (process.env['FUZZ_REQUESTS'] !== undefined) {
      const counts = [...statuses].map(([status, count]) => `${status ?? 'cut'}: ${count}`);
      console.log('answers', counts.toSorted().join(', '));
    }
    // Enough of them got through for the rest to mean something.
    expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 10);
    expect(statuses.get(201)).toBeGreaterThan(REQUESTS / 500);
    expect(statuses.get(400)).toBeGreaterThan(REQUESTS / 50);
    expect(statuses.get(403)).toBeGreaterThan(REQUESTS / 100);
    if (guarded) expect(statuses.get(401)).toBeGreaterThan(REQUESTS / 100);
    expect(await ingestion.items('scopesWebsite')).toEqual([website]);
    expect(await checkStored()).toBeGreaterThan(REQUESTS / 100);
    await checkSubscribers();
  },
);

async function send(request: FuzzRequest): Promise<number> {
  const { method, path, headers, body, denied } = request;
  const answer = await client.request({ method, path, headers, body });
  const text = await answer.body.text();
  const about = `seed ${SEED}: ${method} ${path} ${JSON.stringify(headers)} → ${answer.statusCode} ${text.slice(0, 300)}`;
  expect([...EXPECTED], about).toContain(answer.statusCode);
  if (denied === true) expect(answer.statusCode, about).toBeGreaterThanOrEqual(400);
  expect(answer.headers['x-request-id'], about).toMatch(/^[0-9a-f-]{36}$/);
  expect(text, about).not.toMatch(/mysql|ingestion_item|node_modules|at .+\.(js|ts):\d+/);
  return answer.statusCode;
}

/** The status that is answered, undefined where the connection is cut. */
function sendRaw(bytes: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { port } = ingestion.service;
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    // A request that never ends is given up by the client; the service must live with it.
    const given = setTimeout(() => socket.destroy(), 50);
    socket.on('data', (data: Buffer) => (received += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(given);
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(received) ?? [];
      const number = status === undefined ? undefined : Number(status);
      if (EXPECTED_RAW.has(number)) resolve(number);
      else reject(new Error(`answered with ${number}: ${bytes.toString('latin1').slice(0, 200)}`));
    });
  });
}

/** Every stored item is valid, under the id of its identity, and read back as JSON. */
async function checkStored(): Promise<number> {
  const forms = GENERATIONS.flatMap((generation) => intakeRoutes(allFeeds(), generation)).flatMap(
    (route) => route.forms,
  );
  let checked = 0;
  for (const collection of COLLECTIONS) {
    const own = forms.filter(({ feed }) => feed === collection);
    for (let cursor = ''; ;) {
      const response = await fetch(
        `${ingestion.service.url}/v1/environments/${FUZZ_ENVIRONMENT}/feeds/${collection}/items?deleted=include&limit=500${cursor}`,
      );
      const { items, nextCursor } = (await response.json()) as Page;
      for (const { id, identity, deleted, payload, stamp } of items) {
        expect(feedIdOf(identity), JSON.stringify(payload)).toBe(id);
        expect(Number.isNaN(Date.parse(stamp))).toBe(false);
        const fitting = own.filter(
          (form) =>
            form.validate(payload).length === 0 &&
            form.identityOf(payload).join('\0') === identity.join('\0') &&
            (payload['deleted'] === true || form.deletes === true) === deleted,
        );
        expect(fitting.length, `${collection}: ${JSON.stringify(payload)}`).toBeGreaterThan(0);
        checked += 1;
      }
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
  }
  return checked;
}

/** Every subscriber is one that can be told of changes. */
async function checkSubscribers(): Promise<void> {
  for (const environment of [FUZZ_ENVIRONMENT, ...FUZZ_SUBSCRIBED]) {
    const response = await fetch(
      `${ingestion.service.url}/v1/environments/${environment}/webhooks`,
      { headers: { 'x-api-key': API_KEY } },
    );
    const { webhooks } = (await response.json()) as { webhooks: readonly Subscriber[] };
    expect(webhooks.length).toBeLessThanOrEqual(MAX_WEBHOOKS);
    for (const { url, feeds, cursor } of webhooks) {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:1\/$/);
      expect(feeds.length).toBeGreaterThan(0);
      for (const feed of feeds) expect(COLLECTIONS).toContain(feed);
      expect(cursor).toMatch(/^\d+$/);
    }
  }
}

interface Subscriber {
  readonly url: string;
  readonly feeds: readonly string[];
  readonly cursor: string;
}

interface Page {
  readonly items: readonly {
    readonly id: string;
    readonly identity: readonly string[];
    readonly deleted: boolean;
    readonly stamp: string;
    readonly payload: FeedItem;
  }[];
  readonly nextCursor: string | null;
}
