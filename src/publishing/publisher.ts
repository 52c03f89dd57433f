import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { Agent, request, type Dispatcher } from 'undici';

import { ExportError, explainCauses } from '../errors/export-error.js';
import type { FeedName } from '../feeds/names.js';
import type { Answer } from './answer.js';
import type { Signer } from './signature.js';

const gzipped = promisify(gzip);

/** Sends batches to the Commerce service. One call is one request. */
export interface Publisher {
  /** @param items the JSON texts of at most one batch. */
  publish(feed: FeedName, items: readonly string[]): Promise<Answer>;
  close(): Promise<void>;
}

export interface HttpPublisherOptions {
  /** Base URL of the service, without the routes' own `feeds/…`. */
  readonly serviceUrl: string;
  /** Path of a feed's route below the base URL, with the data space id filled in. */
  readonly route: (feed: FeedName) => string | undefined;
  readonly apiKey: string;
  /** None: requests go out unsigned. */
  readonly signer: Signer | undefined;
  readonly commerceEdition: string;
  readonly commerceVersion: string;
  readonly codeVersion: string;
  /** gzip level, 0: none. Default 1: half the time of 6, and 1.8 times its size. */
  readonly compressionLevel?: number;
  /** Until headers and body must have come. Default 60. */
  readonly timeoutSeconds?: number;
  /** Further headers; empty values are left out. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends over HTTP with keep-alive: POST, JSON, gzip, API key and signature. */
export class HttpPublisher implements Publisher {
  readonly #options: HttpPublisherOptions;
  readonly #agent: Agent;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: HttpPublisherOptions) {
    this.#options = options;
    const timeout = (options.timeoutSeconds ?? 60) * 1000;
    this.#agent = new Agent({
      connect: { timeout: 10_000 },
      headersTimeout: timeout,
      bodyTimeout: timeout,
      keepAliveTimeout: 30_000,
    });
    this.#headers = {
      'content-type': 'application/json',
      'x-api-key': options.apiKey,
      'magento-api-key': options.apiKey,
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

  async publish(feed: FeedName, items: readonly string[]): Promise<Answer> {
    const route = this.#options.route(feed);
    if (route === undefined) {
      throw new ExportError('CDE02-01', {
        message: `The feed ${feed} has no route in SERVICE_ROUTES.`,
      });
    }
    const json = `[${items.join(',')}]`;
    const { compressionLevel: level = constants.Z_BEST_SPEED } = this.#options;
    const body = level === 0 ? json : await gzipped(json, { level });
    const url = `${this.#options.serviceUrl.replace(/\/+$/, '')}/${route}`;
    try {
      const response = await request(url, {
        method: 'POST',
        headers: await this.#signed(),
        body,
        dispatcher: this.#agent,
      });
      return await answerOf(response);
    } catch (cause) {
      if (cause instanceof ExportError) throw cause;
      return { kind: 'none', reason: explainCauses(cause), cause };
    }
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #signed(): Promise<Record<string, string>> {
    const { signer } = this.#options;
    if (signer === undefined) return { ...this.#headers };
    return { ...this.#headers, 'x-gw-signature': await signer.signature() };
  }
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
