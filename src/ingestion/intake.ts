import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Feed } from '../feeds/feed.js';
import { asCatalogRefusal, feedAnswer, type ErrorForm } from './answers.js';
import type { Authentication } from './authentication.js';
import { parseBatch } from './batch.js';
import { unpack } from './body.js';
import { takeCatalogBatch } from './catalog/take.js';
import { saveItems, type Delivery, type Taken } from './delivery.js';
import { requireEnvironment, type EnvironmentParameters } from './environments.js';
import { faultHooks } from './fault-hooks.js';
import type { FaultPlan } from './fault-plan.js';
import { intakeRoutes, type Generation, type IntakeRoute } from './intake-routes.js';
import type { ItemStore } from './item-store.js';
import type { LoadLimit } from './load-limit.js';
import { receiveBatch } from './received-batch.js';
import { Refusal } from './refusal.js';

export interface IntakeOptions {
  readonly store: ItemStore;
  readonly feeds: readonly Feed[];
  readonly generations: readonly Generation[];
  readonly authentication: Authentication;
  readonly environments: readonly string[] | undefined;
  /** Of a body, packed or unpacked. */
  readonly maxBodyBytes: number;
  /** How the feed routes name wrong items; the catalog routes have one form only. */
  readonly errorForm: ErrorForm;
  readonly loadLimit: LoadLimit;
  readonly faults: FaultPlan | undefined;
  readonly clock: () => Date;
}

/** The routes that take feed items. What is answered with 200 is durable. */
export function intake(app: FastifyInstance, options: IntakeOptions): void {
  const { authentication, environments, maxBodyBytes, loadLimit, faults } = options;

  void app.register((scope, _options, done) => {
    scope.addHook('onRequest', (request) => authentication.check(request.headers, 'signature'));
    // How senders check their credentials.
    scope.get('/merchant-registry/v1/ping', () => ({ status: 'ok' }));
    done();
  });

  for (const generation of options.generations) {
    void app.register((posts, _options, done) => {
      if (faults !== undefined) faultHooks(posts, faults);
      posts.addHook('onRequest', async ({ headers, params }, reply) => {
        const credential = await authentication.check(
          headers,
          generation === 'commerce-optimizer' ? 'token' : 'signature',
        );
        requireEnvironment(params as EnvironmentParameters, environments);
        loadLimit.admit(credential, reply.raw);
      });
      posts.removeAllContentTypeParsers();
      posts.addContentTypeParser(
        'application/json',
        { parseAs: 'buffer', bodyLimit: maxBodyBytes },
        (_request, body, next) => next(null, body),
      );
      for (const route of intakeRoutes(options.feeds, generation)) {
        posts.route({
          method: route.method,
          url: route.url,
          config: { intake: route },
          handler: (request, reply) => handle(route, options, request, reply),
        });
      }
      done();
    });
  }
}

async function handle(
  route: IntakeRoute,
  { store, maxBodyBytes, errorForm, clock }: IntakeOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { environment } = request.params as EnvironmentParameters;
  try {
    const body = await unpack(
      (request.body as Buffer | undefined) ?? Buffer.alloc(0),
      request.headers['content-encoding'],
      maxBodyBytes,
    );
    const batch = parseBatch(body, route.limit);
    const delivery = {
      route,
      batch,
      receipt: { environment, requestId: request.id, receivedAt: clock() },
    };
    const taken = await (route.generation === 'commerce-services'
      ? takeFeedBatch(delivery, store, errorForm)
      : takeCatalogBatch(delivery, store));
    const { status, accepted, faults, body: answer } = taken;
    request.log[faults.length > 0 ? 'info' : 'debug'](
      {
        environment,
        feed: route.forms[0]?.feed,
        items: batch.items.length,
        accepted,
        problems: faults.slice(0, 5),
      },
      'batch',
    );
    return await reply.status(status).send(answer);
  } catch (error) {
    if (error instanceof Refusal && route.generation !== 'commerce-services') {
      throw asCatalogRefusal(error);
    }
    throw error;
  }
}

async function takeFeedBatch(
  { route, batch, receipt }: Delivery,
  store: ItemStore,
  form: ErrorForm,
): Promise<Taken> {
  const { items, faults } = receiveBatch(route, batch, receipt.receivedAt);
  await saveItems(
    store,
    items.map(({ received }) => received),
    receipt,
  );
  return {
    status: items.length === 0 && batch.items.length > 0 ? 400 : 200,
    body: feedAnswer(items.length, faults, form),
    accepted: items.length,
    faults,
  };
}
