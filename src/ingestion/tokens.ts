import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';

import { invalidToken } from './refusal.js';

/** As long as those of the real identity service. */
const LIFETIME_SECONDS = 24 * 60 * 60;

export interface TokensOptions {
  /** Secrets by client id. */
  readonly clients: Readonly<Record<string, string>>;
  readonly lifetimeSeconds?: number | undefined;
  readonly clock: () => Date;
}

/**
 * Bearer tokens of the client-credentials grant, as the identity service before Adobe's newer routes
 * gives them out. They are signed with a key made of the client's secret: every instance of the
 * service knows them, also after a restart, and a new secret ends them.
 */
export class Tokens {
  readonly #options: TokensOptions;

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  get lifetimeSeconds(): number {
    return this.#options.lifetimeSeconds ?? LIFETIME_SECONDS;
  }

  /** @returns undefined for an unknown client or a wrong secret. */
  async grant(clientId: string, secret: string): Promise<string | undefined> {
    const known = this.#secretOf(clientId);
    if (known === undefined || !timingSafeEqual(digestOf(known), digestOf(secret)))
      return undefined;
    const now = Math.floor(this.#options.clock().getTime() / 1000);
    return new SignJWT({ client_id: clientId })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuedAt(now)
      .setExpirationTime(now + this.lifetimeSeconds)
      .sign(keyOf(known));
  }

  /**
   * @returns the client that a token was given to.
   * @throws Refusal 401 for a token that is not (or no longer) good.
   */
  async verify(token: string): Promise<string> {
    try {
      const { client_id: clientId } = decodeJwt(token);
      const secret = typeof clientId === 'string' ? this.#secretOf(clientId) : undefined;
      if (typeof clientId !== 'string' || secret === undefined) {
        throw invalidToken('it is of no known client');
      }
      await jwtVerify(token, keyOf(secret), {
        algorithms: ['HS256'],
        requiredClaims: ['exp'],
        currentDate: this.#options.clock(),
      });
      return clientId;
    } catch (cause) {
      if (cause instanceof errors.JWTExpired) throw invalidToken('it has expired', cause);
      if (cause instanceof errors.JOSEError) throw invalidToken('it is none of ours', cause);
      throw cause;
    }
  }

  #secretOf(clientId: string): string | undefined {
    const { clients } = this.#options;
    return Object.hasOwn(clients, clientId) ? clients[clientId] : undefined;
  }
}

function keyOf(secret: string): Uint8Array {
  return createHmac('sha256', secret).update('saas-export ingestion tokens').digest();
}

function digestOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
