import { importPKCS8, SignJWT } from 'jose';
import { createPrivateKey } from 'node:crypto';

import { ExportError } from '../errors/export-error.js';
import type { Answer } from './answer.js';
import type { Credentials } from './credentials.js';
import type { KeySource } from './key-source.js';

/** A token is not used in its last minute, in which it could expire on the way. */
const SPARE_SECONDS = 60;
/** `Date` has whole seconds, and answers take their time. */
const IGNORED_SKEW_SECONDS = 10;
const REPORTED_SKEW_SECONDS = 60;
/** Requests that left before the credentials changed are refused after it. */
const RECENT_MILLISECONDS = 30_000;

export interface SignedCredentialsOptions {
  readonly apiKey: KeySource;
  /** RSA, PEM. None: requests go out unsigned. */
  readonly privateKey: KeySource | undefined;
  readonly clock: () => Date;
  /** The gateway refuses lifetimes above ten minutes. Default 300. */
  readonly lifetimeSeconds?: number;
  /** Beside `iat` and `exp`. Default none. */
  readonly claims?: Readonly<Record<string, string>>;
  /** Told when the clocks are more than a minute apart; positive: the service is ahead. */
  readonly onSkew?: (seconds: number) => void;
}

interface Token {
  readonly text: string;
  readonly pem: string;
  readonly apiKey: string;
  readonly shift: number;
  /** Seconds, by our clock. */
  readonly usableUntil: number;
}

/**
 * API key and signature (`x-gw-signature`, JWT, RS256). A signature is used until a minute before
 * it expires. Keys are taken from their files anew when these change. Signatures are issued by the
 * service's clock, as its answers tell it: one “from the future” would be refused.
 */
export class SignedCredentials implements Credentials {
  readonly #options: SignedCredentialsOptions;
  #token: Token | undefined;
  /** Seconds that the service's clock is ahead of ours. */
  #skew = 0;
  #reportedSkew = 0;
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(options: SignedCredentialsOptions) {
    this.#options = options;
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    const { apiKey, privateKey } = this.#options;
    const key = await apiKey.read();
    const headers = { 'x-api-key': key, 'magento-api-key': key };
    if (privateKey === undefined) return headers;
    const { text } = await this.#currentToken(key, await privateKey.read());
    return { ...headers, 'x-gw-signature': text };
  }

  observe(answer: Answer): void {
    const { clock, onSkew } = this.#options;
    const told = answer.kind === 'answer' ? Date.parse(answer.date ?? '') : Number.NaN;
    if (Number.isNaN(told)) return;
    const skew = Math.round((told - clock().getTime()) / 1000);
    this.#skew = Math.abs(skew) < IGNORED_SKEW_SECONDS ? 0 : skew;
    const news = Math.abs(this.#skew - this.#reportedSkew) > REPORTED_SKEW_SECONDS;
    if (!news) return;
    this.#reportedSkew = this.#skew;
    if (Math.abs(this.#skew) > REPORTED_SKEW_SECONDS) onSkew?.(this.#skew);
  }

  async renew(answer: Answer): Promise<boolean> {
    const { apiKey, privateKey } = this.#options;
    await apiKey.refresh();
    await privateKey?.refresh();
    const before = this.#token;
    // An expired token (401) is worth a new one; a refused one (403) only if it comes out different.
    if (answer.kind === 'answer' && answer.status === 401 && !this.#changedRecently()) {
      this.#token = undefined;
    }
    await this.headers();
    if (privateKey === undefined) return false;
    return this.#token !== before || this.#changedRecently();
  }

  async freshen(): Promise<void> {
    const { apiKey, privateKey } = this.#options;
    await apiKey.refresh();
    await privateKey?.refresh();
    this.#token = undefined;
  }

  #changedRecently(): boolean {
    return performance.now() - this.#changedAt < RECENT_MILLISECONDS;
  }

  async #currentToken(apiKey: string, pem: string): Promise<Token> {
    const { clock, lifetimeSeconds = 300, claims = {} } = this.#options;
    const now = Math.floor(clock().getTime() / 1000);
    const current = this.#token;
    if (
      current !== undefined &&
      current.pem === pem &&
      current.apiKey === apiKey &&
      now < current.usableUntil &&
      Math.abs(current.shift - this.#skew) < IGNORED_SKEW_SECONDS
    ) {
      return current;
    }
    const issued = now + this.#skew;
    const text = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuedAt(issued)
      .setExpirationTime(issued + lifetimeSeconds)
      .sign(await importKey(pem));
    const usableUntil = now + lifetimeSeconds - SPARE_SECONDS;
    if (current !== undefined) this.#changedAt = performance.now();
    this.#token = { text, pem, apiKey, shift: this.#skew, usableUntil };
    return this.#token;
  }
}

/**
 * An RSA private key in PEM, as PKCS #8; `\n` stands for a line break.
 *
 * @throws ExportError CDE02-01 when it is none.
 */
export function readPrivateKey(pem: string): string {
  try {
    // PKCS#1 keys (BEGIN RSA PRIVATE KEY) are common; jose takes PKCS#8 only.
    const key = createPrivateKey(pem.replaceAll('\\n', '\n'));
    return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch (cause) {
    throw invalidKey(cause);
  }
}

async function importKey(pem: string): Promise<Awaited<ReturnType<typeof importPKCS8>>> {
  try {
    return await importPKCS8(readPrivateKey(pem), 'RS256');
  } catch (cause) {
    throw cause instanceof ExportError ? cause : invalidKey(cause);
  }
}

function invalidKey(cause: unknown): ExportError {
  return new ExportError('CDE02-01', {
    message: 'The private key is not an RSA private key in PEM form.',
    cure: 'Check SERVICE_PRIVATE_KEY or SERVICE_PRIVATE_KEY_FILE.',
    cause,
  });
}
