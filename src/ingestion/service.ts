import { randomUUID, type KeyObject } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from 'pino';

import type { Feed } from '../feeds/feed.js';
import type { ErrorForm } from './answers.js';
import { createAuthentication } from './authentication.js';
import { bodyTooLarge } from './body.js';
import { DatabaseFailure } from './database.js';
import { requireEnvironment, type EnvironmentParameters } from './environments.js';
import type { FaultPlan } from './fault-plan.js';
import { intake } from './intake.js';
import type { Generation } from './intake-routes.js';
import type { ItemStore } from './item-store.js';
import type { LoadLimit } from './load-limit.js';
import { serveOpenApi } from './openapi/document.js';
import { reading } from './reading.js';
import { notFound, Refusal, unreadable, unsupported } from './refusal.js';
import { tokenRoutes } from './token-routes.js';
import type { Tokens } from './tokens.js';
import { webhookRoutes } from './webhook-routes.js';
import type { WebhookStore } from './webhook-store.js';

export interface IngestionOptions {
  readonly store: ItemStore;
  readonly webhooks: WebhookStore;
  readonly feeds: readonly Feed[];
  /** Keys that `x-api-key` may hold. */
  readonly apiKeys: readonly string[];
  /** RSA; undefined: signatures are not checked. */
  readonly publicKey: KeyObject | undefined;
  /** Data spaces that are accepted; undefined: all. */
  readonly environments: readonly string[] | undefined;
  /** Of a request body, packed or unpacked. */
  readonly maxBodyBytes: number;
  /** Generations of the API that are served. */
  readonly generations: readonly Generation[];
  /** How the feed routes name wrong items. */
  readonly errorForm: ErrorForm;
  readonly loadLimit: LoadLimit;
  /** Bearer tokens; undefined: none are given out or taken. */
  readonly tokens: Tokens | undefined;
  readonly faults: FaultPlan | undefined;
  /** Whether reading routes ask for an API key as well. */
  readonly protectReading: boolean;
  readonly clock: () => Date;
  readonly logger: Logger;
}

const ENVIRONMENT_PREFIX = '/v1/environments/:environment';
/** What is being handled when the service closes has so long to end; then it is cut. */
const GRACE_MILLISECONDS = 10_000;

/**
 * The Commerce service: takes batches of feed items, keeps the newest version of each, shows them.
 * Every answer has an `x-request-id`; errors are JSON, and say nothing of keys or of the database.
 */
export function createIngestion(options: IngestionOptions): FastifyInstance {
  const { store, maxBodyBytes, tokens } = options;
  const authentication = createAuthentication(options);
  const answerError = errorHandler(maxBodyBytes);
  const loggerInstance: FastifyBaseLogger = options.logger;
  const app = fastify({
    loggerInstance,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    genReqId: () => randomUUID(),
    bodyLimit: maxBodyBytes,
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => {
      identify(request, reply);
      void answerError(error, request, reply);
    },
  });
  app.addHook('onRequest', (request, reply, done) => {
    identify(request, reply);
    // Before the body is read: nobody would know how.
    if (request.is404) throw notFound('There is no such route.');
    done();
  });
  app.addHook('preClose', (done) => {
    // A connection that is answered now would else stay open until its keep-alive ends.
    app.server.keepAliveTimeout = 1;
    setTimeout(() => app.server.closeAllConnections(), GRACE_MILLISECONDS).unref();
    done();
  });
  app.setErrorHandler(answerError);
  serveOpenApi(app);

  app.get('/health', async (request, reply) => {
    try {
      await store.ping();
      return { status: 'ok' };
    } catch (error) {
      request.log.error({ err: error }, 'unhealthy');
      return reply
        .status(503)
        .send({ status: 'failing', problem: 'The database does not answer.' });
    }
  });
  void app.register((scope, _, done) => {
    intake(scope, { ...options, authentication });
    done();
  });
  if (tokens !== undefined) {
    void app.register((scope, _, done) => {
      tokenRoutes(scope, tokens);
      done();
    });
  }
  void app.register(
    (scope, _, done) => {
      if (options.protectReading) {
        scope.addHook('onRequest', (request, _reply, next) => {
          authentication.checkKey(request.headers);
          next();
        });
      }
      reading(scope, options);
      done();
    },
    { prefix: ENVIRONMENT_PREFIX },
  );
  void app.register(
    (scope, _, done) => {
      scope.addHook('onRequest', (request, _reply, next) => {
        authentication.checkKey(request.headers);
        requireEnvironment(request.params as EnvironmentParameters, options.environments);
        next();
      });
      webhookRoutes(scope, store, options.webhooks);
      done();
    },
    { prefix: ENVIRONMENT_PREFIX },
  );
  return app;
}

function identify(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
}

function errorHandler(maxBodyBytes: number) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const refusal =
      error instanceof Refusal ? error : refusalOf(error as FastifyError, maxBodyBytes);
    const { status, body, cause, retryAfter } = refusal;
    const level = status >= 500 ? 'error' : 'warn';
    request.log[level](
      { status, url: request.url, err: cause instanceof Error ? cause : undefined },
      'refused',
    );
    if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
    // The real gateway has text for this one, and senders must live with it.
    if (status === 429) return reply.status(429).type('text/html').send(String(body['message']));
    return reply.status(status).send(body);
  };
}

function refusalOf(error: FastifyError | DatabaseFailure, maxBodyBytes: number): Refusal {
  if (error instanceof DatabaseFailure) return unreadable(error.cause);
  const status = error.statusCode ?? 500;
  switch (status) {
    case 413:
      return bodyTooLarge(maxBodyBytes);
    case 415:
      return unsupported('The content type is not application/json.');
    default: {
      const message = STATUS_CODES[status] ?? 'Error';
      return new Refusal(status, { error_code: `${status}000`, message }, error);
    }
  }
}
