import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { fetch, type Response } from 'undici';

import {
  startIngestion,
  type IngestionService,
  type IngestionServiceOptions,
} from '../src/ingestion/start.js';
import { freshDatabase } from './servers.js';

export const API_KEY = 'test-key';
export const ENVIRONMENT = '11111111-2222-3333-4444-555555555555';
/** What the service's clock says, unless a test sets it. */
export const NOW = new Date('2026-11-22T00:00:00Z');

export interface Posted {
  readonly status: number;
  readonly headers: Response['headers'];
  readonly body: unknown;
}

/** An ingestion service on a database of its own, and a client that speaks to it over HTTP. */
export class TestIngestion {
  readonly service: IngestionService;
  readonly databaseUrl: string;
  readonly #clock: { now: Date };

  private constructor(service: IngestionService, databaseUrl: string, clock: { now: Date }) {
    this.service = service;
    this.databaseUrl = databaseUrl;
    this.#clock = clock;
  }

  static async start(options: Partial<IngestionServiceOptions> = {}): Promise<TestIngestion> {
    const databaseUrl = options.databaseUrl ?? (await freshDatabase('ingestion')).url;
    const clock = { now: NOW };
    const service = await startIngestion({
      port: 0,
      apiKeys: [API_KEY],
      clock: () => clock.now,
      logger: pino({ level: 'silent' }),
      ...options,
      databaseUrl,
    });
    return new TestIngestion(service, databaseUrl, clock);
  }

  /** Sets the service's clock. */
  set now(now: Date) {
    this.#clock.now = now;
  }

  /** Posts below the base URL: text and bytes as they are, anything else as JSON, gzipped. */
  async post(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
    method = 'POST',
  ): Promise<Posted> {
    const raw = typeof body === 'string' || Buffer.isBuffer(body);
    return posted(
      await fetch(`${this.service.url}/${path}`, {
        method,
        headers: {
          'x-api-key': API_KEY,
          'content-type': 'application/json',
          ...(raw ? {} : { 'content-encoding': 'gzip' }),
          ...headers,
        },
        body: raw ? body : gzipSync(JSON.stringify(body)),
      }),
    );
  }

  /** Gets below `/v1/environments/<ENVIRONMENT>`. */
  async get(path: string, headers: Record<string, string> = {}): Promise<Posted> {
    return posted(await this.fetch(path, headers));
  }

  fetch(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.service.url}/v1/environments/${ENVIRONMENT}${path}`, { headers });
  }

  /** All that the service holds of a feed. */
  async items(feed: string, query = ''): Promise<unknown[]> {
    const response = await this.fetch(`/feeds/${feed}/items?format=jsonl${query}`);
    const text = await response.text();
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
  }

  close(): Promise<void> {
    return this.service.close();
  }
}

/** What is not JSON is the body as text. */
async function posted(response: Response): Promise<Posted> {
  const json = /json/.test(response.headers.get('content-type') ?? '');
  const body: unknown = await (json ? response.json() : response.text());
  return { status: response.status, headers: response.headers, body };
}

/** A valid item of the feed prices. */
export const price = (
  sku: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  productId: 1,
  sku,
  type: 'SIMPLE',
  customerGroupCode: '0',
  websiteCode: 'base',
  regular: 34,
  discounts: null,
  deleted: false,
  updatedAt: '2026-11-21T22:40:09+00:00',
  ...more,
});
