import { gzipSync } from 'node:zlib';

import { allFeeds } from '../src/feeds/registry.js';
import { GENERATIONS, intakeRoutes, type IntakeRoute } from '../src/ingestion/intake-routes.js';
import type { Guard } from './ingestion-guard.js';
import { API_KEY } from './ingestion.js';
import { pick, sampleOf } from './schema-samples.js';

/** A request as it goes out; `raw` instead of the rest: bytes of a connection. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  readonly raw?: Buffer;
  /** Whether what it shows of credentials is not enough: it must not get through. */
  readonly denied?: boolean;
}

type Random = () => number;

export const FUZZ_ENVIRONMENT = 'fuzz';
/** Each takes some subscribers only. */
export const FUZZ_SUBSCRIBED = Array.from({ length: 5 }, (_, n) => `fuzz-${n}`);

const routes: readonly IntakeRoute[] = GENERATIONS.flatMap((each) =>
  intakeRoutes(allFeeds(), each),
);

const READING = [
  '/health',
  '/openapi.json',
  '/merchant-registry/v1/ping',
  ...['feeds', 'changes', 'webhooks', 'feeds/prices/items', 'feeds/catalogProducts/items'].map(
    (path) => `/v1/environments/${FUZZ_ENVIRONMENT}/${path}`,
  ),
  `/v1/environments/${FUZZ_ENVIRONMENT}/feeds/products/changes`,
  `/v1/environments/${FUZZ_ENVIRONMENT}/feeds/products/items/${'0'.repeat(40)}`,
];

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '😀'.repeat(50),
  'x'.repeat(5000),
  '0000-00-00 00:00:00',
  '9999-12-31T23:59:59-14:00',
  '0000-01-01T00:00:00Z',
  '1969-12-31 23:59:59',
  "'; DROP TABLE item; --",
  -1,
  1e308,
  2 ** 60,
  0.1,
  [],
  {},
  [[[[[[[[]]]]]]]],
  { __proto__: null, constructor: 1 },
  JSON.parse('{"__proto__":{"deleted":true}}'),
];

/**
 * A request that is valid, nearly valid, or rubbish.
 *
 * @param guard of a service that checks signatures and tokens; undefined: a key is enough.
 */
export function fuzzRequest(random: Random, guard?: Guard): FuzzRequest {
  const kind = random();
  if (kind < 0.08) return { ...post(random, guard), raw: rawBytes(random) };
  if (kind < 0.2) return read(random, guard);
  if (kind < 0.24) return webhook(random);
  if (kind < (guard === undefined ? 0.25 : 0.3)) return form(random, guard);
  return post(random, guard);
}

function post(random: Random, guard: Guard | undefined): FuzzRequest {
  const route = pick(routes, random);
  const valid = random() < 0.3;
  const items = itemsFor(route, random, !valid);
  let body = Buffer.from(typeof items === 'string' ? items : JSON.stringify(items));
  if (!valid && random() < 0.2) body = damaged(body, random);
  const encoding =
    valid || random() < 0.7 ? 'gzip' : pick(['', 'identity', 'br', 'gzip, gzip', 'x-gzip'], random);
  if (encoding.endsWith('gzip') && (valid || random() < 0.9)) body = gzipSync(body, { level: 1 });
  if (!valid && random() < 0.05) body = damaged(body, random);
  const url = route.url.replace(':environment', FUZZ_ENVIRONMENT);
  const denied = !valid && random() < (guard === undefined ? 0.05 : 0.3);
  const kind = route.generation === 'commerce-optimizer' ? 'token' : 'signature';
  const shown = credentials(guard, kind, denied, random);
  const odd = valid ? {} : oddHeaders(random);
  return {
    method:
      valid || random() < 0.95
        ? route.method
        : pick(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'], random),
    path: valid ? url : oddPath(url, random),
    headers: {
      'content-type':
        valid || random() < 0.95
          ? 'application/json'
          : pick(
              [
                'text/plain',
                'application/json; charset=latin1',
                'x',
                'application/x-www-form-urlencoded',
              ],
              random,
            ),
      ...(encoding === '' ? {} : { 'content-encoding': encoding }),
      // Without its bad token, a request with a good signature would get through.
      ...(denied ? { ...odd, ...shown } : { ...shown, ...odd }),
    },
    body,
    denied,
  };
}

function credentials(
  guard: Guard | undefined,
  kind: 'signature' | 'token',
  denied: boolean,
  random: Random,
): Readonly<Record<string, string>> {
  if (guard !== undefined) return denied ? guard.odd(kind, random) : guard.good(kind, random);
  return { 'x-api-key': denied ? pick(ODD_KEYS, random) : API_KEY };
}

const ODD_KEYS = ['', 'x', 'ü'.repeat(3), `${API_KEY}x`];

function read(random: Random, guard: Guard | undefined): FuzzRequest {
  const query = pick(
    [
      '',
      '?limit=5',
      '?limit=-1',
      '?format=jsonl',
      '?after=1',
      '?after=x',
      '?cursor=%00',
      '?deleted=include',
      '?limit=1&limit=2',
      '?feeds=prices,x',
      '?wait=a',
    ],
    random,
  );
  return {
    method: random() < 0.9 ? 'GET' : pick(['POST', 'PUT', 'DELETE', 'PATCH'], random),
    path: oddPath(pick(READING, random), random) + query,
    headers: {
      ...(random() < 0.8 ? { 'x-api-key': API_KEY } : {}),
      ...(guard === undefined || random() < 0.5 ? {} : guard.good('signature', random)),
      ...(random() < 0.3 ? oddHeaders(random) : {}),
    },
    body: null,
  };
}

/** Nobody listens there. */
const SUBSCRIBER = 'http://127.0.0.1:1/';

/** Registers a subscriber, or removes one. */
function webhook(random: Random): FuzzRequest {
  const environment = pick([FUZZ_ENVIRONMENT, ...FUZZ_SUBSCRIBED], random);
  const denied = random() < 0.1;
  const path = `/v1/environments/${environment}/webhooks`;
  const headers = {
    'x-api-key': denied ? pick(ODD_KEYS, random) : API_KEY,
    'content-type':
      random() < 0.95
        ? 'application/json'
        : pick(['text/plain', 'application/x-www-form-urlencoded', 'x'], random),
  };
  if (random() < 0.1) {
    const id = pick(['x', '0'.repeat(36), '%00', '%27%20OR%201', '__proto__'], random);
    return { method: 'DELETE', path: `${path}/${id}`, headers, body: null, denied };
  }
  const subscription: Record<string, unknown> = {
    url:
      random() < 0.7
        ? SUBSCRIBER
        : pick<unknown>(
            [
              `${SUBSCRIBER}${'x'.repeat(3000)}`,
              'http://[::1',
              'http://x y/',
              'javascript:1',
              'file:///etc/passwd',
              'http://user:secret@127.0.0.1:1/',
              '//',
              ...ODD_VALUES,
            ],
            random,
          ),
  };
  if (random() < 0.4) {
    subscription['feeds'] = pick<unknown>(
      [['products'], ['prices', 'prices'], [], ['x'], [null], [['products']], ...ODD_VALUES],
      random,
    );
  }
  if (random() < 0.3) {
    subscription['after'] = pick<unknown>(
      ['0', '-1', '1e3', 5, '9'.repeat(16), '9'.repeat(17), ...ODD_VALUES],
      random,
    );
  }
  if (random() < 0.1) subscription[pick(['secret', 'id', 'position'], random)] = 'x';
  const json = JSON.stringify(random() < 0.95 ? subscription : [subscription]);
  const cut = random() < 0.1 ? Math.floor(random() * json.length) : json.length;
  const body = Buffer.from(json.slice(0, cut) + (random() < 0.05 ? '}' : ''));
  return { method: 'POST', path, headers: { ...headers, ...oddHeaders(random) }, body, denied };
}

/** Asks for a token. */
function form(random: Random, guard: Guard | undefined): FuzzRequest {
  const good = guard?.form() ?? 'grant_type=client_credentials&client_id=x&client_secret=x';
  const granted = guard !== undefined && random() < 0.3;
  const body = granted
    ? good
    : pick(
        [
          '',
          '&&&==',
          '%zz=%00',
          '\u0000\u0001\u00ff',
          `${good}x`,
          good.replace('client_credentials', 'password'),
          good.replace('client_id=', 'client_id=%20'),
          `client_secret=wrong&${good}`,
          `client_id=__proto__&${good}`,
          'grant_type=client_credentials&client_id=constructor&client_secret=',
          `grant_type=client_credentials&client_id=${'x'.repeat(10_000)}`,
          'x'.repeat(20_000),
          JSON.stringify(Object.fromEntries(new URLSearchParams(good))),
        ],
        random,
      );
  const type =
    granted || random() < 0.9
      ? 'application/x-www-form-urlencoded'
      : pick(['application/json', 'text/plain', 'multipart/form-data', 'x'], random);
  return {
    method: granted || random() < 0.95 ? 'POST' : pick(['GET', 'PUT', 'DELETE'], random),
    path: granted || random() < 0.9 ? TOKEN_PATH : oddPath(TOKEN_PATH, random),
    headers: { 'content-type': type, ...(granted ? {} : oddHeaders(random)) },
    body: Buffer.from(body, 'latin1'),
    denied: !granted,
  };
}

const TOKEN_PATH = '/ims/token/v3';

function itemsFor({ forms, limit }: IntakeRoute, random: Random, mutate: boolean): unknown {
  const form = pick(forms, random);
  const length = random() < 0.01 ? limit + 1 : Math.floor(random() * 6);
  const items = Array.from({ length }, () => {
    const item = sampleOf(form.contract, random) as Record<string, unknown>;
    const stamp = form.stampField;
    if (stamp !== undefined && Object.hasOwn(item, stamp)) {
      item[stamp] = `2026-11-21 22:40:${String(Math.floor(random() * 60)).padStart(2, '0')}`;
    }
    if (random() < 0.2) item['deleted'] = pick([true, false], random);
    return item;
  });
  if (!mutate) return items;
  if (random() < 0.03)
    return pick(['', '{}', 'null', '[', '[]]', '[1]', '['.repeat(20_000)], random);
  for (let times = Math.floor(random() * 4); times > 0 && items.length > 0; times -= 1) {
    mutateValue(pick(items, random), random);
  }
  return items;
}

/** Changes one place somewhere inside. */
function mutateValue(value: unknown, random: Random): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  const names = Object.keys(holder);
  const name =
    names.length === 0 || random() < 0.1 ? `odd${Math.floor(random() * 3)}` : pick(names, random);
  const inner = holder[name];
  if (typeof inner === 'object' && inner !== null && random() < 0.6) mutateValue(inner, random);
  else if (random() < 0.2) Reflect.deleteProperty(holder, name);
  else holder[name] = structuredClone(pick(ODD_VALUES, random));
}

function damaged(body: Buffer, random: Random): Buffer<ArrayBuffer> {
  const copy = Buffer.from(body);
  switch (Math.floor(random() * 3)) {
    case 0:
      for (let n = 0; n < 4 && copy.length > 0; n += 1) {
        copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
      }
      return copy;
    case 1:
      return copy.subarray(0, Math.floor(random() * copy.length));
    default:
      return Buffer.concat([copy, Buffer.from([0, 255, 0x7d])]);
  }
}

function oddPath(path: string, random: Random): string {
  if (random() < 0.85) return path;
  return pick(
    [
      `${path}/`,
      `${path}/${'x'.repeat(300)}`,
      path.replace(FUZZ_ENVIRONMENT, '%2e%2e'),
      path.replace(FUZZ_ENVIRONMENT, 'a%2Fb'),
      path.replace(FUZZ_ENVIRONMENT, '%00'),
      path.replace(FUZZ_ENVIRONMENT, '%zz'),
      path.replace(FUZZ_ENVIRONMENT, 'e'.repeat(65)),
      path.replace(FUZZ_ENVIRONMENT, '%F0%9F%98%80'),
      path.replaceAll('/', '//'),
      `${path}?${'a=b&'.repeat(200)}`,
      path.toUpperCase(),
      '/__proto__',
      `/v1/environments/${FUZZ_ENVIRONMENT}/feeds/__proto__/items`,
      `/v1/environments/${FUZZ_ENVIRONMENT}/feeds/constructor/changes`,
    ],
    random,
  );
}

function oddHeaders(random: Random): Record<string, string> {
  if (random() < 0.8) return {};
  return pick<Record<string, string>>(
    [
      { 'x-gw-signature': 'x.y.z' },
      { authorization: 'Bearer x' },
      { authorization: 'Basic eDp5' },
      { accept: 'text/html' },
      // With the longest token still below the 16 KB at which Node answers by itself.
      { 'x-long': 'x'.repeat(8000) },
      { range: 'bytes=0-1' },
      { 'if-none-match': '*' },
      { 'x-http-method-override': 'DELETE' },
      { 'x-request-id': '\'"<>' },
    ],
    random,
  );
}

function rawBytes(random: Random): Buffer {
  const line = `POST /feeds/products/v1/prices/${FUZZ_ENVIRONMENT} HTTP/1.1\r\nhost: x\r\nx-api-key: ${API_KEY}\r\ncontent-type: application/json\r\n`;
  return Buffer.from(
    pick(
      [
        `${line}content-length: 10\r\n\r\n[]`,
        `${line}content-length: -1\r\n\r\n[]`,
        `${line}content-length: 2\r\ncontent-length: 3\r\n\r\n[]x`,
        `${line}transfer-encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n`,
        `${line}transfer-encoding: chunked\r\n\r\nzz\r\n`,
        `${line}transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n0\r\n\r\n`,
        `${line}content-encoding: gzip\r\ncontent-length: 2\r\n\r\n[]`,
        `${line}\r\n`,
        'GET / HTTP/9.9\r\n\r\n',
        'POST\r\n\r\n',
        '\u0000\u0001\u0002',
        `GET /health HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(3000)}\r\n`,
        `${line}x: ${'y'.repeat(70_000)}\r\n\r\n`,
        'GET /health HTTP/1.1\r\nhost: x\r\n\r\nGET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
      ],
      random,
    ),
    'latin1',
  );
}
