import { createPublicKey, hash, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { errors, jwtVerify, type JWTPayload } from 'jose';

import { ExportError } from '../errors/export-error.js';
import { invalidSignature, missingSignature, missingToken, unknownClient } from './refusal.js';
import type { Tokens } from './tokens.js';

/** Longest lifetime of a signature. */
const LIFETIME_SECONDS = 600;
/** How far a sender's clock may be off. */
const SKEW_SECONDS = 60;

export interface AuthenticationOptions {
  readonly apiKeys: readonly string[];
  /** Signatures are checked against it; undefined: they are not checked. */
  readonly publicKey: KeyObject | undefined;
  /** Undefined: no bearer tokens are taken. */
  readonly tokens?: Tokens | undefined;
  readonly clock: () => Date;
}

/**
 * Checks who sends a request.
 *
 * @throws Refusal 403, or 401 for a token that is not good.
 */
export interface Authentication {
  /**
   * All that a sender has to show: key and signature, or key and bearer token. Where there are
   * clients, a route of `token` asks for a token; one of `signature` takes either.
   *
   * @returns a name of the credential, which is no secret.
   */
  check(headers: IncomingHttpHeaders, kind: 'signature' | 'token'): Promise<string>;
  /** `x-api-key`. */
  checkKey(headers: IncomingHttpHeaders): void;
  /** `x-gw-signature`: a JWT, RS256, with `iat` and `exp` at most ten minutes apart. */
  checkSignature(headers: IncomingHttpHeaders): Promise<void>;
}

export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { publicKey, tokens, clock } = options;
  const digests = options.apiKeys.map(digestOf);
  return {
    async check(headers, kind) {
      const [, token] = /^bearer +(.+)$/i.exec(headers.authorization ?? '') ?? [];
      if (tokens !== undefined && (token !== undefined || kind === 'token')) {
        if (token === undefined) throw missingToken();
        const client = await tokens.verify(token);
        const key = single(headers['x-api-key']);
        // The client id is the key; a route of tokens can do without it.
        if (key !== client && (key !== undefined || kind === 'signature')) throw unknownClient();
        return `client ${client}`;
      }
      this.checkKey(headers);
      await this.checkSignature(headers);
      return `key ${hash('sha1', single(headers['x-api-key']) ?? '')}`;
    },
    checkKey(headers) {
      const digest = digestOf(single(headers['x-api-key']) ?? '');
      // All are compared, so that the time taken tells nothing.
      const matches = digests.filter((known) => timingSafeEqual(known, digest));
      if (matches.length === 0) throw unknownClient();
    },
    async checkSignature(headers) {
      if (publicKey === undefined) return;
      const token = single(headers['x-gw-signature']);
      if (token === undefined || token === '') throw missingSignature();
      const { iat = 0, exp = 0 } = await verify(token, publicKey, clock());
      if (exp - iat > LIFETIME_SECONDS) {
        throw invalidSignature(`it is good for more than ${LIFETIME_SECONDS / 60} minutes`);
      }
    },
  };
}

/**
 * @param pem RSA public key.
 * @throws ExportError SDE10-01 when it is none.
 */
export function readPublicKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  let cause: unknown;
  try {
    key = createPublicKey(pem);
  } catch (error) {
    cause = error;
  }
  if (key?.asymmetricKeyType !== 'rsa') {
    throw new ExportError('SDE10-01', {
      message: 'The public key of the ingestion service is not an RSA key in PEM form.',
      cure: 'Check INGESTION_PUBLIC_KEY_FILE (-----BEGIN PUBLIC KEY-----).',
      cause,
    });
  }
  return key;
}

async function verify(token: string, publicKey: KeyObject, now: Date): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: ['RS256'],
      requiredClaims: ['iat', 'exp'],
      // Also refuses tokens that were issued in the future.
      maxTokenAge: LIFETIME_SECONDS,
      clockTolerance: SKEW_SECONDS,
      currentDate: now,
    });
    return payload;
  } catch (cause) {
    throw invalidSignature(reasonOf(cause), cause);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.reason === 'missing'
      ? `the claim ${error.claim} is missing`
      : `the claim ${error.claim} does not fit the present time`;
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature does not match';
  return 'it cannot be read as a JWT signed with RS256';
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
