import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Feed } from '../feeds/feed.js';
import type { Authentication } from './authentication.js';
import { parseBatch } from './batch.js';
import { unpack } from './body.js';
import { requireEnvironment, type EnvironmentParameters } from './environments.js';
import { intakeRoutes, type IntakeRoute } from './intake-routes.js';
import type { ItemStore } from './item-store.js';
import { receiveBatch } from './received-batch.js';
import { tooLarge, unavailable } from './refusal.js';

export interface IntakeOptions {
  readonly store: ItemStore;
  readonly feeds: readonly Feed[];
  readonly authentication: Authentication;
  readonly environments: readonly string[] | undefined;
  /** Of a body, packed or unpacked. */
  readonly maxBodyBytes: number;
  readonly clock: () => Date;
}

/** The routes that take feed items. What is answered with 200 is durable. */
export function intake(app: FastifyInstance, options: IntakeOptions): void {
  const { authentication, environments, maxBodyBytes } = options;

  app.addHook('onRequest', async (request) => {
    authentication.checkKey(request.headers);
    await authentication.checkSignature(request.headers);
  });

  // How senders check their credentials.
  app.get('/merchant-registry/v1/ping', () => ({ status: 'ok' }));

  void app.register((posts, _options, done) => {
    posts.addHook('onRequest', (request, _reply, next) => {
      requireEnvironment(request.params as EnvironmentParameters, environments);
      next();
    });
    posts.removeAllContentTypeParsers();
    posts.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: maxBodyBytes },
      (_request, body, next) => next(null, body),
    );
    for (const route of intakeRoutes(options.feeds, 'commerce-services')) {
      posts.post(route.url, (request, reply) => take(route, options, request, reply));
    }
    done();
  });
}

async function take(
  route: IntakeRoute,
  { store, maxBodyBytes, clock }: IntakeOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { environment } = request.params as EnvironmentParameters;
  const body = await unpack(
    (request.body as Buffer | undefined) ?? Buffer.alloc(0),
    request.headers['content-encoding'],
    maxBodyBytes,
  );
  const batch = parseBatch(body, route.limit);
  const receivedAt = clock();
  const { items, problems } = receiveBatch(route, batch, receivedAt);
  if (items.some(({ payload }) => payload.length > store.maxItemBytes)) {
    throw tooLarge(`An item is larger than ${store.maxItemBytes} bytes.`);
  }
  if (items.length > 0) {
    try {
      await store.save(items, { environment, requestId: request.id, receivedAt });
    } catch (cause) {
      throw unavailable(cause);
    }
  }
  request.log[problems.length > 0 ? 'info' : 'debug'](
    {
      environment,
      feed: route.forms[0]?.feed,
      items: batch.items.length,
      accepted: items.length,
      problems: problems.slice(0, 5),
    },
    'batch',
  );
  return reply
    .status(items.length === 0 && batch.items.length > 0 ? 400 : 200)
    .send({ feedItemReceivedCount: items.length, invalidFeedItems: problems });
}
