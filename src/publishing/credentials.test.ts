import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, importSPKI, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { ServiceDouble, type Received, type Reply } from '../../test/service-double.js';
import type { Answer } from './answer.js';
import type { Credentials } from './credentials.js';
import { createDispatcher } from './dispatcher.js';
import { ImsCredentials } from './ims-credentials.js';
import { fixedKey, keyFile } from './key-source.js';
import { HttpPublisher } from './publisher.js';
import { readPrivateKey, SignedCredentials } from './signed-credentials.js';

const dispatcher = createDispatcher({ timeoutSeconds: 5 });
let service: ServiceDouble;
let now: Date;
const clock = (): Date => now;

beforeEach(async () => {
  service = await ServiceDouble.start();
  now = new Date('2026-11-22T10:00:00Z');
});
afterEach(() => service.close());

describe('signatures', () => {
  const old = keyPair();
  const fresh = keyPair();

  test('are accepted by a service that verifies them, with key and headers of the protocol', async () => {
    service.reply = verifying(old.publicKey);
    const answer = await request(signed({ privateKey: fixedKey(old.privateKey) }));
    expect(answer).toMatchObject({ status: 200 });
    expect(service.requests[0]?.headers).toMatchObject({
      'x-api-key': 'key',
      'magento-api-key': 'key',
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'user-agent': 'Magento Services Connector (Magento: ce 2.4.7)',
      'service-connector-metadata':
        '{"commerceEdition":"ce","commerceVersion":"2.4.7","saasExporterVersion":"1.0.0"}',
    });
  });

  test('are used again until shortly before they expire', async () => {
    const credentials = signed({ privateKey: fixedKey(old.privateKey) });
    const first = await signatureOf(credentials);
    now = new Date(now.getTime() + 239_000);
    expect(await signatureOf(credentials)).toBe(first);
    now = new Date(now.getTime() + 2_000);
    const second = await signatureOf(credentials);
    expect(second).not.toBe(first);
    const { iat, exp } = decodeJwt(second);
    expect(iat).toBe(Math.floor(now.getTime() / 1000));
    expect(exp! - iat!).toBe(300);
  });

  test('carry the claims of the configuration', async () => {
    const credentials = signed({
      privateKey: fixedKey(old.privateKey),
      claims: { iss: 'issuer', aud: 'audience' },
    });
    expect(decodeJwt(await signatureOf(credentials))).toMatchObject({
      iss: 'issuer',
      aud: 'audience',
    });
  });

  test('are made with a PKCS #1 key, and with \\n for line breaks', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    const escaped = pkcs1.replaceAll('\n', '\\n');
    expect(await signatureOf(signed({ privateKey: fixedKey(escaped) }))).toMatch(/^ey/);
  });

  test('follow the service’s clock, of which its answers tell, and say so', async () => {
    const skews: number[] = [];
    service.reply = verifying(old.publicKey, () => new Date(now.getTime() - 240_000));
    const credentials = signed({
      privateKey: fixedKey(old.privateKey),
      onSkew: (seconds) => skews.push(seconds),
    });
    const refused = await request(credentials);
    expect(refused).toMatchObject({ status: 403 });
    expect(await credentials.renew(refused)).toBe(true);
    expect(await request(credentials)).toMatchObject({ status: 200 });
    expect(skews).toEqual([-240]);
  });

  test('are made with a new key as soon as its file is replaced, without a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keys-'));
    const file = join(folder, 'service.pem');
    await writeFile(file, old.privateKey);
    const privateKey = keyFile(file, { initial: old.privateKey, parse: readPrivateKey });
    const credentials = signed({ privateKey });
    service.reply = verifying(old.publicKey);
    expect(await request(credentials)).toMatchObject({ status: 200 });

    service.reply = verifying(fresh.publicKey);
    const refused = await request(credentials);
    expect(refused).toMatchObject({ status: 403 });
    expect(await credentials.renew(refused), 'the file is the same').toBe(false);
    await writeFile(file, 'half of a k');
    expect(await credentials.renew(refused), 'the file is being written').toBe(false);
    await writeFile(file, fresh.privateKey);
    expect(await credentials.renew(refused)).toBe(true);
    expect(await request(credentials)).toMatchObject({ status: 200 });
    await rm(folder, { recursive: true });
  });

  test('are made anew once after a 401', async () => {
    const credentials = signed({ privateKey: fixedKey(old.privateKey) });
    const first = await signatureOf(credentials);
    now = new Date(now.getTime() + 5_000);
    expect(await credentials.renew(answered(401))).toBe(true);
    expect(await signatureOf(credentials)).not.toBe(first);
  });

  test('refuse a key that is none', async () => {
    await expect(signatureOf(signed({ privateKey: fixedKey('no key') }))).rejects.toMatchObject({
      code: 'CDE02-01',
    });
  });
});

describe('IMS tokens', () => {
  let tokens: ServiceDouble;
  let issued: number;
  beforeEach(async () => {
    tokens = await ServiceDouble.start();
    issued = 0;
    tokens.reply = ({ text, headers }) => {
      const form = Object.fromEntries(new URLSearchParams(text));
      expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
      if (form['client_secret'] !== 'secret') {
        return {
          status: 401,
          body: { error: 'invalid_client', error_description: 'wrong secret' },
        };
      }
      expect(form).toMatchObject({ grant_type: 'client_credentials', client_id: 'client' });
      expect(form['scope']).toBe('openid,AdobeID');
      issued += 1;
      return {
        body: { access_token: `token-${issued}`, token_type: 'bearer', expires_in: 86_399 },
      };
    };
    service.reply = ({ headers }) =>
      headers.authorization === `Bearer token-${issued}` && headers['x-gw-ims-org-id'] === 'org'
        ? {}
        : { status: 401 };
  });
  afterEach(() => tokens.close());

  test('are taken once for many requests at the same time, and used until shortly before their end', async () => {
    const credentials = ims();
    const answers = await Promise.all([1, 2, 3].map(() => request(credentials)));
    expect(answers.map((answer) => answer.kind === 'answer' && answer.status)).toEqual([
      200, 200, 200,
    ]);
    expect(issued).toBe(1);
    now = new Date(now.getTime() + 86_300_000);
    await request(credentials);
    expect(issued).toBe(1);
    now = new Date(now.getTime() + 60_000);
    await request(credentials);
    expect(issued).toBe(2);
  });

  test('that the token service refuses count as refused credentials, and hold no secret', async () => {
    const answer = await request(ims('other secret'));
    expect(answer).toMatchObject({ kind: 'none', refused: true });
    const { reason } = answer as Extract<Answer, { kind: 'none' }>;
    expect(reason).toContain('invalid_client, wrong secret');
    expect(reason).not.toContain('other secret');
    expect(service.requests).toHaveLength(0);
  });

  test('of a token service that is down are asked for again later', async () => {
    tokens.reply = () => ({ status: 503 });
    const answer = await request(ims());
    expect(answer).toMatchObject({ kind: 'none' });
    expect(answer).not.toHaveProperty('refused', true);
  });

  test('are not renewed after a 403, which is about rights', async () => {
    expect(await ims().renew(answered(403))).toBe(false);
  });

  function ims(secret = 'secret'): ImsCredentials {
    return new ImsCredentials({
      tokenUrl: `${tokens.url}/ims/token/v3`,
      clientId: 'client',
      clientSecret: fixedKey(secret),
      organisationId: 'org',
      scopes: 'openid,AdobeID',
      dispatcher,
      clock,
    });
  }
});

describe('a proxy', () => {
  let proxy: Server;
  let proxyUrl: string;
  let tunnels: string[];

  beforeEach(async () => {
    tunnels = [];
    proxy = createServer();
    proxy.on('connect', ({ url }, client: Socket) => {
      tunnels.push(url ?? '');
      const { hostname, port } = new URL(`http://${url ?? ''}`);
      const server = connect(Number(port), hostname, () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        server.pipe(client).pipe(server);
      });
      // Either side may leave the other.
      server.on('error', () => client.destroy());
      client.on('error', () => server.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    proxy.closeAllConnections();
    proxy.close();
  });

  test('that is configured is used, and not for its exceptions', async () => {
    const { host, hostname } = new URL(service.url);
    const credentials = signed({ privateKey: undefined });
    for (const exceptions of ['', hostname]) {
      const through = createDispatcher({
        timeoutSeconds: 5,
        proxy: { http: proxyUrl, exceptions },
      });
      expect(await request(credentials, through)).toMatchObject({ status: 200 });
      await through.destroy();
    }
    expect(tunnels).toEqual([host]);
    expect(service.requests).toHaveLength(2);
  });

  test('tunnels to a secure service, whose certificate is checked at the end of the tunnel', async () => {
    const secure = await SecureService.start();
    const { host, hostname } = new URL(secure.url);
    const send = async (exceptions: string, authorities?: readonly string[]): Promise<Answer> => {
      const through = createDispatcher({
        timeoutSeconds: 5,
        authorities,
        proxy: { https: proxyUrl, exceptions },
      });
      const answer = await request(signed({ privateKey: undefined }), through, secure.url);
      await through.destroy();
      return answer;
    };
    expect(await send('', [LOCAL_CERTIFICATE])).toMatchObject({ status: 200 });
    expect(tunnels).toEqual([host]);
    expect(secure.keys).toEqual(['key']);
    expect(await send('')).toMatchObject({ kind: 'none' });
    expect(tunnels).toEqual([host, host]);
    expect(await send(hostname, [LOCAL_CERTIFICATE])).toMatchObject({ status: 200 });
    expect(tunnels).toEqual([host, host]);
    expect(secure.keys).toEqual(['key', 'key']);
    secure.close();
  });
});

test('a service with a certificate of an authority of one’s own is trusted only where it is named', async () => {
  const secure = await SecureService.start();
  const send = async (authorities?: readonly string[]): Promise<Answer> => {
    const through = createDispatcher({ timeoutSeconds: 5, authorities });
    const answer = await request(signed({ privateKey: undefined }), through, secure.url);
    await through.destroy();
    return answer;
  };
  expect(await send()).toMatchObject({ kind: 'none' });
  expect(await send([LOCAL_CERTIFICATE])).toMatchObject({ status: 200 });
  secure.close();
});

/** Answers 200 over TLS, and keeps the API keys it was shown. */
class SecureService {
  readonly keys: unknown[] = [];
  readonly #server = createSecureServer(
    { key: LOCAL_KEY, cert: LOCAL_CERTIFICATE },
    (incoming, outgoing) => {
      this.keys.push(incoming.headers['x-api-key']);
      incoming.resume().on('end', () => outgoing.end());
    },
  );

  static async start(): Promise<SecureService> {
    const service = new SecureService();
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function keyPair(): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function signed(
  options: Partial<ConstructorParameters<typeof SignedCredentials>[0]>,
): SignedCredentials {
  return new SignedCredentials({
    apiKey: fixedKey('key'),
    privateKey: undefined,
    clock,
    ...options,
  });
}

async function signatureOf(credentials: Credentials): Promise<string> {
  return (await credentials.headers())['x-gw-signature'] ?? '';
}

async function request(
  credentials: Credentials,
  through = dispatcher,
  serviceUrl = service.url,
): Promise<Answer> {
  const publisher = new HttpPublisher({
    serviceUrl,
    route: () => 'feeds/products',
    credentials,
    dispatcher: through,
    commerceEdition: 'ce',
    commerceVersion: '2.4.7',
    codeVersion: '1.0.0',
  });
  return (await publisher.prepare('products', ['{}'])).send();
}

/** Verifies signatures like the gateway: key, lifetime, and none from the future. */
function verifying(
  publicKey: string,
  serviceClock = clock,
): (received: Received) => Promise<Reply> {
  return async ({ headers }) => {
    const date = { date: serviceClock().toUTCString() };
    try {
      await jwtVerify(String(headers['x-gw-signature']), await importSPKI(publicKey, 'RS256'), {
        algorithms: ['RS256'],
        requiredClaims: ['iat', 'exp'],
        maxTokenAge: 600,
        clockTolerance: 60,
        currentDate: serviceClock(),
      });
      return { headers: date };
    } catch {
      return { status: 403, headers: date, body: { error_code: '403053' } };
    }
  };
}

function answered(status: number): Answer {
  return { kind: 'answer', status, requestId: undefined, body: '' };
}

/** Of 127.0.0.1, signed by itself, good for a hundred years. Made with openssl for this test. */
const LOCAL_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgiiWnsAxZVc7EVAz7
efWVIePC7nsrbGQOjBVna2S71xqhRANCAASzdvjY7xQ1cAGzbW6/SJuYqo2f0nBT
z6dKy3g8na7GO4vVsqW7Qsv7OPItsxZzJDWP4+8plh3RYdehtR7bE8m6
-----END PRIVATE KEY-----`;
const LOCAL_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUCteVFORAvVqTZV+FQlDCp5Vme/QwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA5NDA1NFoYDzIxMjYxMDI5
MDk0MDU0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASzdvjY7xQ1cAGzbW6/SJuYqo2f0nBTz6dKy3g8na7GO4vVsqW7Qsv7
OPItsxZzJDWP4+8plh3RYdehtR7bE8m6o28wbTAdBgNVHQ4EFgQU3JZHKiqvIo53
8+z3g3RemGF4bbUwHwYDVR0jBBgwFoAU3JZHKiqvIo538+z3g3RemGF4bbUwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZI
zj0EAwIDRwAwRAIgcTKjRX8HAUag32L6FgfqN808LRFT0K3qYenVyyKCX+cCIFyr
OgHvJfb+IJ9lXFW+SEgZF4k9NVkPd2YBB16gr6kd
-----END CERTIFICATE-----`;
