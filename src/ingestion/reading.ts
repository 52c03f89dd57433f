import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';

import type { Feed } from '../feeds/feed.js';
import { changeRoutes } from './change-routes.js';
import { findCollection, isCatalogCollection, type CollectionName } from './collections.js';
import { requireEnvironment, type EnvironmentParameters } from './environments.js';
import { itemJson } from './item-json.js';
import type { ItemPage, ItemStore } from './item-store.js';
import { badParameter, notFound } from './refusal.js';
import type { StoredItem } from './stored-item.js';

export interface ReadingOptions {
  readonly store: ItemStore;
  readonly feeds: readonly Feed[];
  /** Undefined: all. */
  readonly environments: readonly string[] | undefined;
}

interface FeedParameters extends EnvironmentParameters {
  readonly feed: string;
}

interface ItemParameters extends FeedParameters {
  readonly id: string;
}

interface ItemsQuery {
  readonly format?: string;
  readonly deleted?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
/** Items read at once for a stream; a megabyte or less of usual products. */
const STREAM_PAGE = 200;

/** The routes that show what is stored, for connected services and for people. */
export function reading(app: FastifyInstance, options: ReadingOptions): void {
  const { store, feeds, environments } = options;
  const names = new Set<CollectionName>(feeds.map(({ name }) => name));

  app.addHook('onRequest', (request, _reply, done) => {
    requireEnvironment(request.params as EnvironmentParameters, environments);
    done();
  });

  app.get<{ Params: EnvironmentParameters }>('/feeds', async ({ params: { environment } }) => {
    // Read first, so that who follows the changes from there misses none.
    const cursor = String(await store.lastChange(environment));
    const counts = new Map((await store.counts(environment)).map((each) => [each.feed, each]));
    const catalog = [...counts.keys()].filter(isCatalogCollection);
    return {
      environment,
      cursor,
      feeds: [...names, ...catalog].map(
        (feed) => counts.get(feed) ?? { feed, items: 0, deleted: 0, lastAcceptedAt: null },
      ),
    };
  });

  changeRoutes(app, store);

  app.get<{ Params: FeedParameters; Querystring: ItemsQuery }>(
    '/feeds/:feed/items',
    async ({ params, query }, reply) => {
      const page = pageOf(params.environment, feedOf(names, params.feed), query);
      switch (query.format) {
        case 'jsonl':
          return reply
            .type('application/x-ndjson; charset=utf-8')
            .send(Readable.from(lines(store, page), { objectMode: false }));
        case undefined:
        case 'json':
          return reply
            .type('application/json; charset=utf-8')
            .send(pageJson(await store.page(page), page.limit));
        default:
          throw badParameter('format is json or jsonl.');
      }
    },
  );

  app.get<{ Params: ItemParameters }>('/feeds/:feed/items/:id', async ({ params }, reply) => {
    const feed = feedOf(names, params.feed);
    const item = await store.item(params.environment, feed, params.id.toLowerCase());
    if (item === undefined) throw notFound('There is no such item.');
    return reply.type('application/json; charset=utf-8').send(itemJson(item));
  });
}

/** All items from `page.after` on, one a line; a page is in memory at a time. */
async function* lines(store: ItemStore, page: ItemPage): AsyncGenerator<string> {
  let after = page.after;
  for (;;) {
    const items = await store.page({ ...page, after, limit: STREAM_PAGE });
    let text = '';
    for (const { payload } of items) text += `${oneLine(payload)}\n`;
    if (text !== '') yield text;
    if (items.length < STREAM_PAGE) return;
    after = items.at(-1)?.id ?? after;
  }
}

/** In valid JSON a line break is white space between tokens. */
function oneLine(json: string): string {
  return json.replace(/[\r\n]+/g, ' ');
}

function pageJson(items: readonly StoredItem[], limit: number): string {
  const nextCursor = items.length < limit ? null : (items.at(-1)?.id ?? null);
  return `{"items":[${items.map(withoutHistory).map(itemJson).join(',')}],"nextCursor":${JSON.stringify(nextCursor)}}`;
}

function withoutHistory({ history: _history, ...rest }: StoredItem): Omit<StoredItem, 'history'> {
  return rest;
}

function feedOf(names: ReadonlySet<CollectionName>, text: string): CollectionName {
  const feed = findCollection(text);
  if (feed === undefined || !(names.has(feed) || isCatalogCollection(feed)))
    throw notFound('There is no such feed.');
  return feed;
}

function pageOf(
  environment: string,
  feed: CollectionName,
  { deleted, limit, cursor }: ItemsQuery,
): ItemPage {
  if (deleted !== undefined && deleted !== 'include') throw badParameter('deleted is “include”.');
  const size = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  if (!Number.isInteger(size) || size < 1 || size > MAX_LIMIT) {
    throw badParameter(`limit is a number from 1 to ${MAX_LIMIT}.`);
  }
  if (cursor !== undefined && !/^[0-9a-f]{40}$/.test(cursor)) {
    throw badParameter('cursor is the nextCursor of the page before.');
  }
  return {
    environment,
    feed,
    after: cursor ?? '',
    limit: size,
    includeDeleted: deleted === 'include',
  };
}
