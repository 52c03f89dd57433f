import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { request, type Dispatcher } from 'undici';

import { ExportError, explainCauses } from '../errors/export-error.js';
import type { FeedName } from '../feeds/names.js';
import { inSpan } from '../tracing/span.js';
import type { Answer } from './answer.js';
import type { Credentials } from './credentials.js';
import type { WireOperation } from './wire-format.js';

const gzipped = promisify(gzip);

/** Headers of the credentials. */
type Secrets = Readonly<Record<string, string>>;

/** Makes requests to the Commerce service. */
export interface Publisher {
  /**
   * Makes a request ready, so that it can leave at once when it may.
   *
   * @param texts JSON texts of at most one batch.
   * @throws ExportError CDE02-01 for a feed without a route.
   */
  prepare(
    feed: FeedName,
    texts: readonly string[],
    operation?: WireOperation,
  ): Promise<PreparedRequest>;
  /** Renews the credentials after they were refused; false when there is nothing new to try. */
  renewCredentials(answer: Answer): Promise<boolean>;
  /** Makes the next request go with new credentials: it finds out whether they are still refused. */
  freshenCredentials(): Promise<void>;
  close(): Promise<void>;
}

/** Whether a request has the credentials it needs. */
export type Authorisation =
  | {
      readonly ready: true;
      /** Whether they are others than the last time. */
      readonly renewed: boolean;
    }
  | {
      readonly ready: false;
      /** Why not, in place of the service's answer. */
      readonly answer: Answer;
    };

export interface PreparedRequest {
  /**
   * Gets the credentials, which may take seconds where a token service is asked, so that the request
   * leaves at once when it may.
   */
  authorise(): Promise<Authorisation>;
  /**
   * Makes the request, once for each call, with the credentials that were got last; never rejects
   * for what the service or network does.
   */
  send(): Promise<Answer>;
}

export interface HttpPublisherOptions {
  /** Base URL of the service, without the routes' own `feeds/…`. */
  readonly serviceUrl: string;
  /** Path of a feed's route below the base URL, with the data space id filled in. */
  readonly route: (feed: FeedName, operation: WireOperation) => string | undefined;
  readonly credentials: Credentials;
  readonly dispatcher: Dispatcher;
  readonly commerceEdition: string;
  readonly commerceVersion: string;
  readonly codeVersion: string;
  /** gzip level, 0: none. Default 1: half the time of 6, and 1.8 times its size. */
  readonly compressionLevel?: number;
  /** From leaving to the last byte of the answer. Default 30. */
  readonly timeoutSeconds?: number;
  /** Further headers; empty values are left out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Keep the headers of a request with its answer, secrets masked. Default false. */
  readonly showHeaders?: boolean;
}

/** Sends over HTTP with keep-alive: POST, JSON, gzip, credentials. */
export class HttpPublisher implements Publisher {
  readonly #options: HttpPublisherOptions;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: HttpPublisherOptions) {
    this.#options = options;
    this.#headers = {
      'content-type': 'application/json',
      'user-agent': `Magento Services Connector (Magento: ${options.commerceEdition} ${options.commerceVersion})`,
      'service-connector-metadata': JSON.stringify({
        commerceEdition: options.commerceEdition,
        commerceVersion: options.commerceVersion,
        saasExporterVersion: options.codeVersion,
      }),
      ...(options.compressionLevel === 0 ? {} : { 'content-encoding': 'gzip' }),
      ...Object.fromEntries(
        Object.entries(options.headers ?? {}).filter(([, value]) => value !== ''),
      ),
    };
  }

  async prepare(
    feed: FeedName,
    texts: readonly string[],
    operation: WireOperation = 'upsert',
  ): Promise<PreparedRequest> {
    const { serviceUrl, route, compressionLevel: level = constants.Z_BEST_SPEED } = this.#options;
    const path = route(feed, operation);
    if (path === undefined) {
      throw new ExportError('CDE02-01', {
        message: `The feed ${feed} has no route in SERVICE_ROUTES.`,
        cure: 'Add a route for it to SERVICE_ROUTES, or leave it out of FEEDS.',
      });
    }
    const json = `[${texts.join(',')}]`;
    const body = level === 0 ? json : await gzipped(json, { level });
    const url = `${serviceUrl.replace(/\/+$/, '')}/${path}`;
    const attributes = {
      'http.request.method': 'POST',
      'http.request.body.size': body.length,
      'server.address': new URL(url).host,
      'url.path': `/${path}`,
      feed,
      items: texts.length,
    };
    let secrets: Secrets | undefined;
    const authorise = async (): Promise<Authorisation> => {
      const before = secrets;
      try {
        secrets = await this.#options.credentials.headers();
      } catch (cause) {
        return { ready: false, answer: { ...noToken(cause), route: path } };
      }
      return { ready: true, renewed: !isDeepStrictEqual(before, secrets) };
    };
    return {
      authorise,
      send: async () => {
        if (secrets === undefined) {
          const authorised = await authorise();
          if (!authorised.ready) return authorised.answer;
        }
        return inSpan(`POST ${feed}`, { client: true, attributes }, async (span) => {
          const answer = await this.#send(url, body, secrets ?? {});
          if (answer.kind === 'answer') {
            const { status, requestId } = answer;
            span.set({ 'http.response.status_code': status, 'request.id': requestId });
          } else span.set({ 'error.type': 'no answer' });
          return { ...answer, route: path };
        });
      },
    };
  }

  renewCredentials(answer: Answer): Promise<boolean> {
    return this.#options.credentials.renew(answer);
  }

  freshenCredentials(): Promise<void> {
    return this.#options.credentials.freshen();
  }

  async close(): Promise<void> {
    // Not `close`, which waits for the end of idle connections of servers that hang.
    await this.#options.dispatcher.destroy();
  }

  /** Configured headers may hold secrets under any name, and so do those of the credentials. */
  #masked(secrets: Secrets): Record<string, string> {
    const hidden = [...Object.keys(secrets), ...Object.keys(this.#options.headers ?? {})];
    return {
      ...this.#headers,
      ...Object.fromEntries(hidden.map((name) => [name, '***'])),
    };
  }

  async #send(url: string, body: string | Buffer, secrets: Secrets): Promise<Answer> {
    const { credentials, dispatcher, timeoutSeconds = 30 } = this.#options;
    // The timeouts of connection, headers and body are for each step; this one is for all of them.
    const deadline = new AbortController();
    const done = new AbortController();
    sleep(timeoutSeconds * 1000, undefined, { signal: done.signal, ref: false }).then(
      () => deadline.abort(new Error(`no answer within ${timeoutSeconds} seconds`)),
      () => undefined,
    );
    const shown = this.#options.showHeaders === true ? { headers: this.#masked(secrets) } : {};
    try {
      const response = await request(url, {
        method: 'POST',
        headers: { ...this.#headers, ...secrets },
        body,
        dispatcher,
        signal: deadline.signal,
      });
      const answer = { ...(await answerOf(response)), ...shown };
      credentials.observe(answer);
      return answer;
    } catch (cause) {
      return { kind: 'none', reason: explainCauses(cause), cause, ...shown };
    } finally {
      done.abort();
    }
  }
}

/** @throws the cause where it is a mistake in the configuration. */
function noToken(cause: unknown): Answer {
  const refused = cause instanceof ExportError;
  if (refused && cause.code !== 'SDE70-01') throw cause;
  return { kind: 'none', reason: explainCauses(cause), cause, ...(refused ? { refused } : {}) };
}

async function answerOf(response: Dispatcher.ResponseData): Promise<Answer> {
  const header = (name: string): string | undefined => {
    const value = response.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const retryAfter = header('retry-after');
  const date = header('date');
  return {
    kind: 'answer',
    status: response.statusCode,
    requestId: header('x-request-id'),
    body: await response.body.text(),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(date === undefined ? {} : { date }),
  };
}
