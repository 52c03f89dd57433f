import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

import { Tokens } from '../src/ingestion/tokens.js';
import { API_KEY, NOW } from './ingestion.js';
import { pick } from './schema-samples.js';

type Random = () => number;
type Headers = Readonly<Record<string, string>>;
type Signer = (content: string) => Buffer;

const CLIENTS: Readonly<Record<string, string>> = { 'client-a': 'secret a&=', 'client-b': 'b' };
const [CLIENT = '', OTHER = ''] = Object.keys(CLIENTS);

/**
 * Credentials for a service that checks signatures and tokens: good ones, and such as senders must
 * not get through with, whatever else they send.
 */
export class Guard {
  readonly clients = CLIENTS;
  readonly publicKeyPem: string;
  readonly #signature: string;
  readonly #oddSignatures: readonly string[];
  readonly #tokens: Readonly<Record<string, string>>;
  readonly #oddTokens: readonly string[];

  private constructor(parts: {
    readonly publicKeyPem: string;
    readonly signature: string;
    readonly oddSignatures: readonly string[];
    readonly tokens: Readonly<Record<string, string>>;
    readonly oddTokens: readonly string[];
  }) {
    this.publicKeyPem = parts.publicKeyPem;
    this.#signature = parts.signature;
    this.#oddSignatures = parts.oddSignatures;
    this.#tokens = parts.tokens;
    this.#oddTokens = parts.oddTokens;
  }

  static async make(): Promise<Guard> {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const now = NOW.getTime() / 1000;
    const claims = { iat: now, exp: now + 300 };
    const rs256 = { alg: 'RS256', typ: 'JWT' };
    const own = signer(privateKey);
    const signature = jwt(rs256, claims, own);
    const tokens = await granted(CLIENTS);
    const token = tokens[CLIENT] ?? '';
    const expired = await granted(CLIENTS, new Date(NOW.getTime() - 48 * 3_600_000));
    const foreign = await granted({ ...CLIENTS, [CLIENT]: 'another secret' });
    const secret = createHmacSigner(publicKeyPem);
    return new Guard({
      publicKeyPem,
      signature,
      tokens,
      oddSignatures: [
        ...mutations(signature),
        token,
        jwt(rs256, claims, signer(stranger.privateKey)),
        jwt(
          { ...rs256, jwk: stranger.publicKey.export({ format: 'jwk' }) },
          claims,
          signer(stranger.privateKey),
        ),
        jwt({ alg: 'none' }, claims, () => Buffer.alloc(0)),
        jwt({ alg: 'HS256' }, claims, secret),
        jwt({ alg: 'RS512' }, claims, own),
        jwt({ alg: ['RS256'] }, claims, own),
        jwt({ ...rs256, crit: ['exp'] }, claims, own),
        jwt({ ...rs256, crit: ['b64'], b64: false }, claims, own),
        jwt(null, claims, own),
        ...oddClaims(now).map((odd) => jwt(rs256, odd, own)),
      ],
      oddTokens: [
        ...mutations(token),
        signature,
        expired[CLIENT] ?? '',
        foreign[CLIENT] ?? '',
        jwt({ alg: 'none' }, { client_id: CLIENT, ...claims }, () => Buffer.alloc(0)),
        jwt({ alg: 'RS256' }, { client_id: CLIENT, ...claims }, own),
        ...[CLIENT, '__proto__', 'constructor', '', 5, null, [CLIENT], { CLIENT }].map((client) =>
          jwt({ alg: 'HS256' }, { client_id: client, ...claims }, secret),
        ),
      ],
    });
  }

  good(kind: 'signature' | 'token', random: Random): Headers {
    const client = pick([CLIENT, OTHER], random);
    const bearer = { authorization: `Bearer ${this.#tokens[client]}` };
    if (kind === 'signature' && random() < 0.5) return this.signed();
    return kind === 'token' && random() < 0.5 ? bearer : { 'x-api-key': client, ...bearer };
  }

  /** Key and signature that are good. */
  signed(): Headers {
    return { 'x-api-key': API_KEY, 'x-gw-signature': this.#signature };
  }

  odd(kind: 'signature' | 'token', random: Random): Headers {
    const token = this.#tokens[CLIENT] ?? '';
    const oddToken = pick(this.#oddTokens, random);
    const oddSignature = pick(this.#oddSignatures, random);
    return pick<Headers>(
      [
        {},
        { 'x-api-key': API_KEY },
        { 'x-api-key': CLIENT },
        { 'x-gw-signature': this.#signature },
        { 'x-api-key': API_KEY, 'x-gw-signature': oddSignature },
        { 'x-api-key': API_KEY, 'x-gw-signature': oddSignature },
        { 'x-api-key': CLIENT, 'x-gw-signature': this.#signature },
        { 'x-api-key': CLIENT, authorization: `Bearer ${oddToken}` },
        { 'x-api-key': CLIENT, authorization: `bearer   ${oddToken}` },
        { authorization: `Bearer ${oddToken}` },
        { 'x-api-key': CLIENT, authorization: token },
        { 'x-api-key': CLIENT, authorization: `Basic ${token}` },
        { 'x-api-key': OTHER, authorization: `Bearer ${token}` },
        { 'x-api-key': API_KEY, authorization: `Bearer ${token}` },
        // One or the other: a token that is shown counts, whatever else is.
        { ...this.signed(), authorization: `Bearer ${oddToken || 'x'}` },
        ...(kind === 'token' ? [this.signed()] : [{ authorization: `Bearer ${token}` }]),
      ],
      random,
    );
  }

  /** A form that a token is given for. */
  form(): string {
    return new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CLIENT,
      client_secret: CLIENTS[CLIENT] ?? '',
    }).toString();
  }
}

/** Not to be taken, though signed with the right key. */
const oddClaims = (now: number): readonly unknown[] => [
  {},
  null,
  [],
  5,
  'text',
  { iat: now },
  { exp: now + 300 },
  { iat: String(now), exp: String(now + 300) },
  { iat: now, exp: now + 601 },
  { iat: now - 700, exp: now - 100 },
  { iat: now + 3600, exp: now + 3900 },
  { iat: now, exp: 1e308 },
  { iat: -1e308, exp: now + 300 },
  { iat: null, exp: now + 300 },
  { iat: [now], exp: { now } },
  { iat: now, exp: now + 300, nbf: now + 3600 },
  { iat: now, exp: now + 300, nbf: 'x' },
];

/** Not quite the token any more, and not even nearly one. */
function mutations(token: string): string[] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const other = signature.startsWith('A') ? 'B' : 'A';
  return [
    '',
    '.',
    '..',
    '...',
    'x.y.z',
    'a'.repeat(7000),
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `${header}..${signature}`,
    `.${payload}.${signature}`,
    `${token}.${signature}`,
    `${header}.${payload}.${other}${signature.slice(1)}`,
    `${header}.${base64url('{"iat":1,"exp":2}')}.${signature}`,
    `${header}.${base64url('{')}.${signature}`,
    `${base64url('[')}.${payload}.${signature}`,
    token.slice(0, token.length / 2),
    `ü${token}`,
  ];
}

async function granted(
  clients: Readonly<Record<string, string>>,
  at = NOW,
): Promise<Record<string, string>> {
  const tokens = new Tokens({ clients, clock: () => at });
  const given: Record<string, string> = {};
  for (const [client, secret] of Object.entries(clients)) {
    given[client] = (await tokens.grant(client, secret)) ?? '';
  }
  return given;
}

function jwt(header: unknown, payload: unknown, signed: Signer): string {
  const content = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`;
  return `${content}.${signed(content).toString('base64url')}`;
}

function signer(key: KeyObject): Signer {
  return (content) => sign('sha256', Buffer.from(content), key);
}

function createHmacSigner(secret: string): Signer {
  return (content) => createHmac('sha256', secret).update(content).digest();
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
