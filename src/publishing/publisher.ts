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
  /** Default true. */
  readonly compression?: boolean;
  /** Milliseconds until headers and body must have come. Default 60,000. */
  readonly timeout?: number;
}

/** Sends over HTTP with keep-alive: POST, JSON, gzip, API key and signature. */
export class HttpPublisher implements Publisher {
  readonly #options: HttpPublisherOptions;
  readonly #agent: Agent;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: HttpPublisherOptions) {
    this.#options = options;
    const timeout = options.timeout ?? 60_000;
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
      ...(options.compression === false ? {} : { 'content-encoding': 'gzip' }),
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
    const body =
      this.#options.compression === false
        ? json
        : await gzipped(json, { level: constants.Z_BEST_SPEED });
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
