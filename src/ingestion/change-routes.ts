import type { FastifyInstance, FastifyRequest } from 'fastify';

import { changesJson } from './change-json.js';
import type { ItemChange } from './change-stream.js';
import { COLLECTIONS, findCollection, type CollectionName } from './collections.js';
import type { EnvironmentParameters } from './environments.js';
import type { ItemStore } from './item-store.js';
import { badParameter, gone, notFound } from './refusal.js';

interface ChangesQuery {
  readonly after?: string;
  readonly limit?: string;
  readonly feeds?: string;
  readonly wait?: string;
}

interface Wanted {
  readonly environment: string;
  readonly feeds: readonly CollectionName[];
  readonly after: number;
  readonly limit: number;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
const MAX_WAIT_SECONDS = 30;
/** How often a waiting request looks for what other instances stored. */
const POLL_MILLISECONDS = 1000;

/** The change stream: of a data space, and of a single feed. */
export function changeRoutes(app: FastifyInstance, store: ItemStore): void {
  app.get<{ Params: EnvironmentParameters; Querystring: ChangesQuery }>(
    '/changes',
    async (request, reply) => {
      const feeds = feedsOf(request.query.feeds);
      return reply.type(JSON_TYPE).send(await answer(app, store, request, feeds));
    },
  );
  app.get<{ Params: EnvironmentParameters & { readonly feed: string }; Querystring: ChangesQuery }>(
    '/feeds/:feed/changes',
    async (request, reply) => {
      const feed = findCollection(request.params.feed);
      if (feed === undefined) throw notFound('There is no such feed.');
      return reply.type(JSON_TYPE).send(await answer(app, store, request, [feed]));
    },
  );
}

const JSON_TYPE = 'application/json; charset=utf-8';

async function answer(
  app: FastifyInstance,
  store: ItemStore,
  {
    params,
    query,
    raw,
  }: FastifyRequest<{ Params: EnvironmentParameters; Querystring: ChangesQuery }>,
  feeds: readonly CollectionName[],
): Promise<string> {
  const wanted = {
    environment: params.environment,
    feeds,
    after: numberOf('after', query.after, 0, 0, Number.MAX_SAFE_INTEGER),
    limit: numberOf('limit', query.limit, DEFAULT_LIMIT, 1, MAX_LIMIT),
  };
  const wait = numberOf('wait', query.wait, 0, 0, MAX_WAIT_SECONDS);
  const deadline = Date.now() + wait * 1000;
  for (;;) {
    // Read first: what is stored meanwhile is above it.
    const last = await store.lastChange(wanted.environment);
    if (wanted.after > last) {
      throw gone('The cursor is ahead of the data space: begin again without one.');
    }
    const changes = await store.changes(wanted);
    const remaining = deadline - Date.now();
    const leaving = raw.destroyed || !app.server.listening;
    if (changes.length > 0 || remaining <= 0 || leaving) {
      return changesJson(wanted.environment, changes, cursorAfter(wanted, changes, last));
    }
    await nextChange(store, wanted.environment, Math.min(remaining, POLL_MILLISECONDS));
  }
}

/** A page that is not full has reached the end, also past changes of other feeds. */
function cursorAfter(
  { after, limit }: Wanted,
  changes: readonly ItemChange[],
  last: number,
): number {
  const seen = changes.at(-1)?.seq ?? after;
  return changes.length < limit ? Math.max(seen, last) : seen;
}

function nextChange(store: ItemStore, environment: string, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const stop = store.onChange((changed) => {
      if (changed === environment) finish();
    });
    const timer = setTimeout(finish, milliseconds);
  });
}

/** @throws Refusal 400 for a name that is no feed. */
export function feedsOf(list: string | undefined): readonly CollectionName[] {
  if (list === undefined) return COLLECTIONS;
  const feeds = list.split(',').map((name) => {
    const feed = findCollection(name);
    if (feed === undefined) throw badParameter('feeds names a feed that does not exist.');
    return feed;
  });
  return [...new Set(feeds)];
}

function numberOf(
  name: string,
  text: string | undefined,
  fallback: number,
  min: number,
  max: number,
): number {
  if (text === undefined) return fallback;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw badParameter(`${name} is a whole number from ${min} to ${max}.`);
  }
  return value;
}
