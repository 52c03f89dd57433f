/**
 * A connected service in one file: keeps a copy of what a data space holds, and follows its changes.
 *
 *   node examples/consumer.mjs --url http://127.0.0.1:8081 --environment trial
 *     [--feeds products,prices] [--api-key KEY] [--copy copy.json] [--once] [--webhook-port 9090]
 *
 * It asks for changes and waits for them (`wait=30`). With --webhook-port it registers a webhook
 * instead, checks the signature of what it is told, and ends the webhook on Ctrl-C. --once ends
 * when there is nothing more to read.
 *
 * The copy is a JSON file: the cursor, and the items by feed and id. Both are written together, so
 * after a crash it goes on where it was; what comes twice changes nothing.
 */
import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8081' },
    environment: { type: 'string', default: 'trial' },
    feeds: { type: 'string' },
    'api-key': { type: 'string' },
    copy: { type: 'string', default: 'copy.json' },
    once: { type: 'boolean', default: false },
    'webhook-port': { type: 'string' },
  },
});
const base = `${options.url}/v1/environments/${encodeURIComponent(options.environment)}`;
const headers = options['api-key'] === undefined ? {} : { 'x-api-key': options['api-key'] };

let copy = { cursor: '0', items: {} };
if (existsSync(options.copy)) copy = JSON.parse(readFileSync(options.copy, 'utf8'));

if (options['webhook-port'] === undefined) await follow();
else await listen(Number(options['webhook-port']));

/** Reads changes from the cursor on, page by page, and waits for more at the end. */
async function follow() {
  const feeds = options.feeds === undefined ? '' : `&feeds=${options.feeds}`;
  for (;;) {
    const wait = options.once ? 0 : 30;
    const answer = await request(`/changes?after=${copy.cursor}&limit=500&wait=${wait}${feeds}`);
    if (answer === undefined) await sleep(1000);
    else if (answer.status === 410) {
      // The data space was restored or emptied: the copy begins anew.
      copy = { cursor: '0', items: {} };
    } else if (answer.status !== 200) {
      console.error(`${answer.status}: ${answer.body.message ?? ''}`);
      if (answer.status < 500) process.exit(1);
      await sleep(1000);
    } else {
      apply(answer.body);
      if (options.once && answer.body.changes.length === 0) return;
    }
  }
}

/** Takes over a page of changes: the newest version of each item, or its deletion. */
function apply({ changes, cursor }) {
  for (const { feed, id, deleted, payload } of changes) {
    if (deleted) delete copy.items[`${feed}/${id}`];
    else copy.items[`${feed}/${id}`] = payload;
  }
  if (changes.length === 0 && cursor === copy.cursor) return;
  copy.cursor = cursor;
  // A file is replaced whole or not at all.
  writeFileSync(`${options.copy}.new`, JSON.stringify(copy));
  renameSync(`${options.copy}.new`, options.copy);
  console.log(
    `${changes.length} changes up to ${cursor}, ${Object.keys(copy.items).length} items held`,
  );
}

/** Is told of changes: a webhook that begins where the copy ends. */
async function listen(port) {
  const registered = await request('/webhooks', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      url: `http://127.0.0.1:${port}/`,
      after: copy.cursor,
      ...(options.feeds === undefined ? {} : { feeds: options.feeds.split(',') }),
    }),
  });
  if (registered?.status !== 201) {
    console.error(`not registered: ${registered?.body.message ?? 'no answer'}`);
    process.exit(1);
  }
  const { id, secret } = registered.body;
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const timestamp = incoming.headers['x-webhook-timestamp'] ?? '';
    const wanted = `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
    const given = String(incoming.headers['x-webhook-signature']);
    if (
      given.length !== wanted.length ||
      !timingSafeEqual(Buffer.from(given), Buffer.from(wanted))
    ) {
      outgoing.writeHead(403).end();
      return;
    }
    apply(JSON.parse(body));
    // Only now: what is not answered with 2xx is told again.
    outgoing.writeHead(204).end();
  });
  server.listen(port, '127.0.0.1', () => console.log(`listens on port ${port}`));
  process.once('SIGINT', async () => {
    await request(`/webhooks/${id}`, { method: 'DELETE' });
    process.exit();
  });
}

/** Undefined where there is no answer. */
async function request(path, init = {}) {
  try {
    const response = await globalThis.fetch(`${base}${path}`, {
      ...init,
      headers: { ...headers, ...init.headers },
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  } catch (error) {
    console.error(String(error.cause ?? error));
    return undefined;
  }
}
