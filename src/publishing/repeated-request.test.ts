import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ENVIRONMENT, NOW, TestIngestion } from '../../test/ingestion.js';
import { RecordingGate } from '../../test/recording-gate.js';
import { ServiceDouble, type Reply } from '../../test/service-double.js';
import type { Credentials } from './credentials.js';
import { createDispatcher } from './dispatcher.js';
import { ImsCredentials } from './ims-credentials.js';
import { fixedKey } from './key-source.js';
import { HttpPublisher } from './publisher.js';
import { RepeatedRequest, type Leaving } from './repeated-request.js';

const CLIENT = { id: 'client', secret: 'client-secret' };

const dispatcher = createDispatcher({ timeoutSeconds: 5 });
afterAll(() => dispatcher.destroy());

let gate: RecordingGate;
let now: Date;
beforeEach(() => {
  gate = new RecordingGate();
  now = NOW;
});

describe('a token', () => {
  let service: ServiceDouble;
  let tokens: ServiceDouble;
  /** What happened, in order. */
  let log: string[];
  beforeEach(async () => {
    service = await ServiceDouble.start();
    tokens = await ServiceDouble.start();
    log = [];
    tokens.reply = ({ number }) => {
      log.push(`token ${number}`);
      return { body: { access_token: `${number}`, expires_in: 3600 }, delayMs: 200 };
    };
    service.reply = ({ headers }) => {
      log.push(`request with ${headers.authorization?.replace('Bearer ', 'token ')}`);
      return {};
    };
    gate.beforeBudget = () => {
      log.push(tokens.inFlight === 0 ? 'grant' : 'grant while a token is on its way');
    };
  });
  afterEach(() => Promise.all([service.close(), tokens.close()]));

  test('is there before the budget is asked, so that requests leave as they are granted', async () => {
    const ims = imsAt(`${tokens.url}/token`, service.url);
    await Promise.all([1, 2, 3].map(() => ims.request().make()));
    expect(log[0]).toBe('token 1');
    expect(log.slice(1).sort()).toEqual([
      'grant',
      'grant',
      'grant',
      'request with token 1',
      'request with token 1',
      'request with token 1',
    ]);
  });

  test('and claim are renewed before the budget is asked', async () => {
    const ims = imsAt(`${tokens.url}/token`, service.url);
    const beforeRequest = (): Promise<void> => {
      log.push('claim');
      return Promise.resolve();
    };
    const onRequest = (): void => void log.push('leaves');
    await ims.request({ leaving: { beforeRequest, onRequest } }).make();
    // After a long wait the claim is renewed again.
    expect(log).toEqual(['claim', 'token 1', 'grant', 'claim', 'leaves', 'request with token 1']);
  });

  test('that ends while a request waits is replaced, and the request asks for another grant', async () => {
    const ims = imsAt(`${tokens.url}/token`, service.url);
    gate.beforeBudget = () => {
      log.push('grant');
      now = new Date(now.getTime() + (log.length === 2 ? 3_600_000 : 0));
    };
    await ims.request().make();
    expect(log).toEqual(['token 1', 'grant', 'token 2', 'grant', 'request with token 2']);
  });

  test('is a new one in each probe: rights that were given since are in a new one only', async () => {
    const ims = imsAt(`${tokens.url}/token`, service.url);
    service.reply = ({ headers }) => ({
      status: headers.authorization === 'Bearer 3' ? 200 : 403,
    });
    // Probes are half a minute apart, and a token that was just given is not asked for again.
    gate.beforeCircuits = () => {
      now = new Date(now.getTime() + 31_000);
    };
    await ims.request().make();
    expect(service.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer 1',
      'Bearer 2',
      'Bearer 3',
    ]);
    expect(gate.log).toEqual(['open * HTTP 403', 'open * HTTP 403 again', 'close *,prices']);
  });

  test('that cannot be had uses no budget up, and opens the circuit', async () => {
    const given = tokens.reply;
    tokens.reply = (received) =>
      received.number === 1 ? { status: 401, body: { error: 'invalid_client' } } : given(received);
    const ims = imsAt(`${tokens.url}/token`, service.url);
    await ims.request().make();
    expect(log).toEqual(['token 2', 'grant', 'request with token 2']);
    expect(gate.log).toEqual([
      expect.stringMatching(/^open \* .*invalid_client/),
      'close *,prices',
    ]);
  });
});

describe('against a service that verifies tokens', () => {
  let ingestion: TestIngestion;
  beforeAll(async () => {
    ingestion = await TestIngestion.start({
      clients: { [CLIENT.id]: CLIENT.secret },
      environments: [ENVIRONMENT],
    });
  });
  afterAll(() => ingestion.close());
  beforeEach(() => {
    ingestion.now = NOW;
  });

  const ims = (): Ims => {
    const { url } = ingestion.service;
    return imsAt(`${url}/ims/token/v3`, url, `${ENVIRONMENT}/v1/catalog/products/prices`);
  };
  const tokenEndsThere = (): void => {
    ingestion.now = new Date(NOW.getTime() + 86_401_000);
  };

  test('a token that has ended there is renewed at once', async () => {
    const { request } = ims();
    await request().make();
    tokenEndsThere();
    now = new Date(NOW.getTime() + 60_000);
    const seen: number[] = [];
    expect(await request({ seen }).make()).toMatchObject({ class: 'accepted' });
    expect(seen).toEqual([401, 200]);
    expect(gate.log).toEqual([]);
  });

  test('a request that waits for the circuit probes it with a new token', async () => {
    const { request } = ims();
    await request().make();
    tokenEndsThere();
    const seen: number[] = [];
    gate.beforeCircuits = () => {
      if (gate.log.length > 0) now = new Date(NOW.getTime() + 31_000);
    };
    expect(await request({ seen }).make()).toMatchObject({ class: 'accepted' });
    // The token is so new that another one is not asked for, until the probe.
    expect(seen).toEqual([401, 401, 200]);
    expect(gate.log).toEqual([expect.stringMatching(/^open \* HTTP 401/), 'close *,prices']);
  });

  test('whoever waited for a circuit that another one closed renews its token again', async () => {
    const { request } = ims();
    await request().make();
    tokenEndsThere();
    const seen: number[] = [];
    gate.beforeCircuits = () => {
      if (gate.log.length > 0) void gate.close(['*']);
    };
    gate.beforeBudget = () => {
      if (seen.length === 2) now = new Date(NOW.getTime() + 31_000);
    };
    expect(await request({ seen }).make()).toMatchObject({ class: 'accepted' });
    expect(seen).toEqual([401, 401, 401, 200]);
  });
});

describe('the right to probe', () => {
  let service: ServiceDouble;
  beforeEach(async () => {
    service = await ServiceDouble.start();
    await gate.open('*', 'HTTP 403', false);
    gate.log.length = 0;
  });
  afterEach(() => service.close());

  const request = (signal?: AbortSignal): RepeatedRequest => {
    const leaving = signal === undefined ? {} : { signal };
    return imsAt('http://127.0.0.1:1/token', service.url).request({ leaving, token: false });
  };

  test('is kept for as long as the service asks to wait', async () => {
    service.reply = ({ number }) =>
      number === 1 ? { status: 429, headers: { 'retry-after': '600' } } : {};
    await request().make();
    expect(gate.log).toEqual(['probe of prices kept for 600 s', 'close *,prices']);
  });

  test('is kept while a request that the service cannot take is tried again', async () => {
    service.reply = ({ number }) => (number === 1 ? { status: 500 } : {});
    await request().make();
    expect(gate.log).toEqual([
      expect.stringMatching(/^probe of prices kept for/),
      'close *,prices',
    ]);
  });

  test.each<[string, Reply]>([
    ['the service asks to slow down', { status: 429 }],
    ['it is tried again', { status: 500 }],
  ])('is given back by a request that is told to stop while %s', async (_, reply) => {
    const stop = new AbortController();
    service.reply = () => {
      stop.abort(new Error('told to stop'));
      return reply;
    };
    await expect(request(stop.signal).make()).rejects.toThrow('told to stop');
    expect(gate.log.at(-1)).toBe('probe returned');
  });
});

interface Ims {
  /** A new request; `seen` gets the status of each answer. */
  readonly request: (more?: {
    readonly seen?: number[];
    readonly leaving?: Partial<Leaving>;
    /** Whether it needs a token. Default true. */
    readonly token?: boolean;
  }) => RepeatedRequest;
}

/** Requests with tokens of an identity service; all of them share one. */
function imsAt(tokenUrl: string, serviceUrl: string, route = 'feeds/prices'): Ims {
  const credentials = new ImsCredentials({
    tokenUrl,
    clientId: CLIENT.id,
    clientSecret: fixedKey(CLIENT.secret),
    organisationId: undefined,
    scopes: 'openid',
    dispatcher,
    clock: () => now,
  });
  const publisherWith = (used: Credentials): HttpPublisher =>
    new HttpPublisher({
      serviceUrl,
      route: () => route,
      credentials: used,
      dispatcher,
      commerceEdition: 'ce',
      commerceVersion: '2.4.7',
      codeVersion: '1.0.0',
    });
  return {
    request: ({ seen = [], leaving = {}, token = true } = {}) => {
      const publisher = publisherWith(token ? credentials : NO_CREDENTIALS);
      return new RepeatedRequest(
        { publisher, gate, clock: () => now, firstBackoffMilliseconds: 5 },
        {
          feed: 'prices',
          priority: 'full',
          signal: new AbortController().signal,
          beforeRequest: () => Promise.resolve(),
          ...leaving,
        },
        {
          prepare: () => publisher.prepare('prices', []),
          tries: () => 3,
          onAnswer: (answer) => seen.push(answer.kind === 'answer' ? answer.status : 0),
        },
      );
    },
  };
}

const NO_CREDENTIALS: Credentials = {
  headers: () => Promise.resolve({}),
  observe: () => undefined,
  renew: () => Promise.resolve(false),
  freshen: () => Promise.resolve(),
};
