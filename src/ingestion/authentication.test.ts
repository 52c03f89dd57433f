import { generateKeyPairSync } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import { describe, expect, test } from 'vitest';

import { createAuthentication, readPublicKey } from './authentication.js';

const NOW = new Date('2026-11-22T00:00:00Z');
const now = NOW.getTime() / 1000;
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const authentication = createAuthentication({
  apiKeys: ['first', 'second'],
  publicKey: readPublicKey(pem),
  clock: () => NOW,
});

const sign = (claims: JWTPayload, key = pair.privateKey, alg = 'RS256'): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT' }).sign(key);
const check = (token: string): Promise<void> =>
  authentication.checkSignature({ 'x-gw-signature': token });

describe('an API key', () => {
  test.each(['first', 'second'])('that is known is taken', (key) => {
    expect(() => authentication.checkKey({ 'x-api-key': key })).not.toThrow();
  });

  test.each([undefined, '', 'third', 'firs', 'first '])('like “%s” is refused', (key) => {
    const headers = key === undefined ? {} : { 'x-api-key': key };
    expect(() => authentication.checkKey(headers)).toThrow(
      expect.objectContaining({
        status: 403,
        body: { error: expect.objectContaining({ details: { error_code: '403000' } }) as unknown },
      }),
    );
  });
});

describe('a signature', () => {
  test.each<[string, JWTPayload]>([
    ['of five minutes', { iat: now, exp: now + 300 }],
    ['of ten minutes', { iat: now, exp: now + 600 }],
    ['with further claims', { iat: now, exp: now + 300, iss: 'x', aud: 'y' }],
    ['of a clock that is a minute ahead', { iat: now + 59, exp: now + 359 }],
    ['that expired within a minute of skew', { iat: now - 340, exp: now - 40 }],
  ])('%s is taken', async (_, claims) => {
    await expect(check(await sign(claims))).resolves.toBeUndefined();
  });

  test.each<[string, () => Promise<string> | string, string]>([
    ['expired', () => sign({ iat: now - 400, exp: now - 100 }), 'it has expired'],
    [
      'from the future',
      () => sign({ iat: now + 120, exp: now + 420 }),
      'the claim iat does not fit',
    ],
    ['good for too long', () => sign({ iat: now, exp: now + 601 }), 'more than 10 minutes'],
    ['issued long ago', () => sign({ iat: now - 700, exp: now + 30 }), 'it has expired'],
    ['without iat', () => sign({ exp: now + 300 }), 'the claim iat is missing'],
    ['without exp', () => sign({ iat: now }), 'the claim exp is missing'],
    [
      'by another key',
      () => sign({ iat: now, exp: now + 300 }, stranger.privateKey),
      'the signature does not match',
    ],
    [
      'by another algorithm',
      () => sign({ iat: now, exp: now + 300 }, pair.privateKey, 'RS512'),
      'cannot be read',
    ],
    ['no JWT', () => 'nonsense', 'cannot be read'],
  ])('%s is refused with the reason', async (_, token, reason) => {
    await expect(check(await token())).rejects.toMatchObject({
      status: 403,
      body: { error_code: '403053', message: expect.stringContaining(reason) as string },
    });
  });

  test('that is made with the public key as a secret is refused', async () => {
    const forged = await new SignJWT({ iat: now, exp: now + 300 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(pem));
    await expect(check(forged)).rejects.toMatchObject({ status: 403 });
  });

  test('that is missing has a code of its own', async () => {
    await expect(authentication.checkSignature({})).rejects.toMatchObject({
      status: 403,
      body: { error_code: '403010' },
    });
  });

  test('is not asked for without a public key', async () => {
    const open = createAuthentication({ apiKeys: ['a'], publicKey: undefined, clock: () => NOW });
    await expect(open.checkSignature({})).resolves.toBeUndefined();
  });
});

test.each([
  ['text', 'nonsense'],
  [
    'an elliptic curve',
    generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  ],
])('a public key of %s is a mistake in the configuration', (_, key) => {
  expect(() => readPublicKey(key)).toThrow(expect.objectContaining({ code: 'SDE10-01' }));
});
