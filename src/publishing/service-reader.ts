import { request } from 'undici';

import { explainCauses, ExportError } from '../errors/export-error.js';
import type { FeedItem } from '../feeds/feed.js';
import type { FeedName } from '../feeds/names.js';

/** An item as the service holds it. */
export interface HeldItem {
  /** The feed id. */
  readonly id: string;
  readonly deleted: boolean;
  /** RFC 3339, like all times here. */
  readonly stamp: string;
  readonly receivedAt: string;
  /** The request that brought this version. */
  readonly requestId: string;
  readonly versions: number;
  readonly payload: FeedItem;
}

/** Whether what the service holds can be read, and if not, why. */
export type Readability =
  { readonly readable: true } | { readonly readable: false; readonly reason: string };

/** The service's side of a comparison with what was sent. */
export type ComparableService =
  | { readonly readable: true; readonly reader: ServiceReader }
  | { readonly readable: false; readonly reason: string };

export interface HeldPage {
  readonly items: readonly HeldItem[];
  readonly nextCursor: string | null;
}

/**
 * Reads what the service holds, where it lets itself be read: the ingestion service does, Adobe's
 * does not.
 */
export class ServiceReader {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeout: number;
  #readability: Promise<Readability> | undefined;

  constructor(options: {
    readonly serviceUrl: string;
    readonly environmentId: string;
    readonly apiKey?: string | undefined;
    /** Milliseconds until an answer must have come. Default 5,000. */
    readonly timeout?: number;
  }) {
    const { serviceUrl, environmentId, apiKey, timeout = 5000 } = options;
    this.#base = `${serviceUrl.replace(/\/+$/, '')}/v1/environments/${encodeURIComponent(environmentId)}`;
    this.#headers = apiKey === undefined ? {} : { 'x-api-key': apiKey };
    this.#timeout = timeout;
  }

  /** Asked once; the answer is kept. */
  readability(): Promise<Readability> {
    return (this.#readability ??= this.#ask());
  }

  /**
   * One item; undefined where the service holds none, not even a tombstone.
   *
   * @throws ExportError CDE02-11 for any other answer.
   */
  async item(feed: FeedName, feedId: string): Promise<HeldItem | undefined> {
    const { status, body } = await this.#get(`/feeds/${feed}/items/${feedId}`);
    if (status === 404) return undefined;
    if (status !== 200) throw unexpected(feed, status);
    return body as HeldItem;
  }

  /** Items in order of feed id after a cursor, tombstones left out. */
  async page(
    feed: FeedName,
    cursor: string | undefined,
    limit: number,
    signal?: AbortSignal,
  ): Promise<HeldPage> {
    const after = cursor === undefined || cursor === '' ? '' : `&cursor=${cursor}`;
    const path = `/feeds/${feed}/items?limit=${limit}${after}`;
    const { status, body } = await this.#get(path, signal);
    if (status !== 200) throw unexpected(feed, status);
    return body as HeldPage;
  }

  async #ask(): Promise<Readability> {
    try {
      const { status, body } = await this.#get('/feeds');
      const feeds = (body as { feeds?: unknown } | undefined)?.feeds;
      if (status === 200 && Array.isArray(feeds)) return { readable: true };
      return { readable: false, reason: 'the service does not show what it holds' };
    } catch (error) {
      return { readable: false, reason: `the service cannot be reached: ${explainCauses(error)}` };
    }
  }

  async #get(
    path: string,
    signal?: AbortSignal,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const timeout = AbortSignal.timeout(this.#timeout);
    const response = await request(`${this.#base}${path}`, {
      headers: this.#headers,
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const text = await response.body.text();
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      body = undefined;
    }
    return { status: response.statusCode, body };
  }
}

function unexpected(feed: FeedName, status: number): ExportError {
  return new ExportError('CDE02-11', {
    message: `The service answered ${status} when it was asked for items of ${feed}.`,
    cure: 'Look into the service’s log, and run the command again.',
  });
}
