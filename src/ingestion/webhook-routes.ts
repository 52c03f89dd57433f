import type { FastifyInstance } from 'fastify';

import { COLLECTIONS, findCollection, type CollectionName } from './collections.js';
import type { EnvironmentParameters } from './environments.js';
import type { ItemStore } from './item-store.js';
import { badParameter, conflict, notFound } from './refusal.js';
import { MAX_WEBHOOKS, type WebhookStore } from './webhook-store.js';

const MAX_URL = 2048;

/** Registering who is told of changes. */
export function webhookRoutes(
  app: FastifyInstance,
  store: ItemStore,
  webhooks: WebhookStore,
): void {
  app.get<{ Params: EnvironmentParameters }>('/webhooks', async ({ params: { environment } }) => ({
    webhooks: (await webhooks.list(environment)).map(({ position, ...rest }) => ({
      ...rest,
      cursor: String(position),
    })),
  }));

  app.post<{ Params: EnvironmentParameters; Body: unknown }>(
    '/webhooks',
    { bodyLimit: 64 * 1024 },
    async ({ params: { environment }, body }, reply) => {
      const { url, feeds, after } = subscriptionOf(body);
      const last = await store.lastChange(environment);
      const position = after ?? last;
      if (position > last) throw badParameter('after is ahead of the data space.');
      const added = await webhooks.add(environment, { url, feeds, position });
      if (added === undefined) throw conflict(`There are ${MAX_WEBHOOKS} webhooks already.`);
      const { position: _position, ...rest } = added;
      return reply.status(201).send({ ...rest, cursor: String(position) });
    },
  );

  app.delete<{ Params: EnvironmentParameters & { readonly id: string } }>(
    '/webhooks/:id',
    async ({ params: { environment, id } }, reply) => {
      if (!(await webhooks.remove(environment, id))) throw notFound('There is no such webhook.');
      return reply.status(204).send();
    },
  );
}

interface Subscription {
  readonly url: string;
  readonly feeds: readonly CollectionName[];
  /** Undefined: from now on. */
  readonly after: number | undefined;
}

function subscriptionOf(body: unknown): Subscription {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badParameter('The body is a JSON object with the field url.');
  }
  const { url, feeds, after, ...unknown } = body as Record<string, unknown>;
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined)
    throw badParameter('The body has fields beside url, feeds and after.');
  return { url: urlOf(url), feeds: feedsOf(feeds), after: afterOf(after) };
}

function urlOf(value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.password !== '' ||
    url.href.length > MAX_URL
  ) {
    throw badParameter(
      `url is an http or https URL without credentials, of ${MAX_URL} characters at most.`,
    );
  }
  return url.href;
}

function feedsOf(value: unknown): readonly CollectionName[] {
  if (value === undefined) return COLLECTIONS;
  const feeds = Array.isArray(value)
    ? value.map((name) => (typeof name === 'string' ? findCollection(name) : undefined))
    : [];
  const known = feeds.filter((feed) => feed !== undefined);
  if (known.length === 0 || known.length < feeds.length) {
    throw badParameter('feeds is a list of names of feeds.');
  }
  return [...new Set(known)];
}

function afterOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const after = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(after)) throw badParameter('after is a cursor of the change stream.');
  return after;
}
