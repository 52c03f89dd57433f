import { request, type Dispatcher } from 'undici';

import { ExportError } from '../errors/export-error.js';
import type { Answer } from './answer.js';
import type { Credentials } from './credentials.js';
import type { KeySource } from './key-source.js';

/** A token is not used in its last minute. */
const SPARE_SECONDS = 60;
/** Requests that left with the old token are refused after it was renewed. */
const RECENT_MILLISECONDS = 30_000;

export interface ImsCredentialsOptions {
  /** `https://ims-na1.adobelogin.com/ims/token/v3` */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: KeySource;
  /** `x-gw-ims-org-id`; none: the header is left out. */
  readonly organisationId: string | undefined;
  /** Separated by commas. */
  readonly scopes: string;
  readonly dispatcher: Dispatcher;
  readonly clock: () => Date;
}

interface Token {
  readonly text: string;
  /** Milliseconds, by our clock. */
  readonly usableUntil: number;
}

/** A bearer token of Adobe IMS by the client-credentials grant, kept until a minute before its end. */
export class ImsCredentials implements Credentials {
  readonly #options: ImsCredentialsOptions;
  #token: Token | undefined;
  /** The request for a token that is under way; all who need one wait for it. */
  #pending: Promise<Token> | undefined;
  /** Milliseconds, by our clock. */
  #takenAt = Number.NEGATIVE_INFINITY;

  constructor(options: ImsCredentialsOptions) {
    this.#options = options;
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    const { clientId, organisationId } = this.#options;
    const { text } = await this.#currentToken();
    return {
      authorization: `Bearer ${text}`,
      'x-api-key': clientId,
      ...(organisationId === undefined ? {} : { 'x-gw-ims-org-id': organisationId }),
    };
  }

  observe(): void {
    // The token says itself how long it is good for.
    return;
  }

  async renew(answer: Answer): Promise<boolean> {
    await this.#options.clientSecret.refresh();
    // Where even the token was refused there is nothing new to try, and 403 is about rights.
    if (answer.kind === 'none' || answer.status !== 401) return false;
    this.#dropToken();
    return true;
  }

  async freshen(): Promise<void> {
    await this.#options.clientSecret.refresh();
    // Rights that were given since are in a new token only.
    this.#dropToken();
  }

  #dropToken(): void {
    const age = Math.abs(this.#options.clock().getTime() - this.#takenAt);
    if (age > RECENT_MILLISECONDS) this.#token = undefined;
  }

  async #currentToken(): Promise<Token> {
    const now = this.#options.clock().getTime();
    if (this.#token !== undefined && now < this.#token.usableUntil) return this.#token;
    this.#pending ??= this.#takeToken().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #takeToken(): Promise<Token> {
    const { tokenUrl, clientId, clientSecret, scopes, dispatcher, clock } = this.#options;
    const response = await request(tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: await clientSecret.read(),
        scope: scopes,
      }).toString(),
      dispatcher,
    });
    const body = parseObject(await response.body.text());
    const { access_token: text, expires_in: lifetime } = body;
    if (response.statusCode >= 500 || response.statusCode === 429) {
      throw new Error(`the token service answered HTTP ${response.statusCode}`);
    }
    if (response.statusCode !== 200 || typeof text !== 'string' || text === '') {
      const said = [body['error'], body['error_description']].filter(
        (part) => typeof part === 'string',
      );
      throw new ExportError('SDE70-01', {
        message: `The token service answered HTTP ${response.statusCode}${said.length === 0 ? '' : `: ${said.join(', ')}`}.`,
      });
    }
    this.#token = {
      text,
      usableUntil: clock().getTime() + (secondsOf(lifetime) - SPARE_SECONDS) * 1000,
    };
    this.#takenAt = clock().getTime();
    return this.#token;
  }
}

/** `expires_in` is in seconds; older versions of the endpoint gave milliseconds. */
function secondsOf(lifetime: unknown): number {
  const value = Number(lifetime);
  if (!Number.isFinite(value) || value <= 0) return 2 * SPARE_SECONDS;
  return value > 1_000_000 ? value / 1000 : value;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
