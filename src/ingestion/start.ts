import { createServer, type AddressInfo } from 'node:net';
import type { Logger } from 'pino';

import { ExportError } from '../errors/export-error.js';
import type { Feed } from '../feeds/feed.js';
import { allFeeds } from '../feeds/registry.js';
import type { ErrorForm } from './answers.js';
import { readPublicKey } from './authentication.js';
import { FaultPlan, type FaultRule } from './fault-plan.js';
import { GENERATIONS, type Generation } from './intake-routes.js';
import { ItemStore } from './item-store.js';
import { LoadLimit } from './load-limit.js';
import { createIngestion } from './service.js';
import { Tokens } from './tokens.js';
import { WebhookDelivery } from './webhook-delivery.js';
import { WebhookStore } from './webhook-store.js';

export interface IngestionServiceOptions {
  /** `mysql://user:password@host:3306/database`; the database must exist. */
  readonly databaseUrl: string;
  /** 0: any free one. */
  readonly port: number;
  /** Default 127.0.0.1. On any but a loopback address, reading needs an API key too. */
  readonly host?: string;
  /** RSA, PEM. Without one, signatures are not checked. */
  readonly publicKeyPem?: string | undefined;
  /** At least one. */
  readonly apiKeys: readonly string[];
  /** Data spaces that are accepted. Default: all. */
  readonly environments?: readonly string[] | undefined;
  /** Of a request body, packed or unpacked. Default 32 MiB: a hundred of the largest products. */
  readonly maxBodyBytes?: number;
  /** Generations of the API that are served. Default: all. */
  readonly generations?: readonly Generation[];
  /** How the feed routes name wrong items. Default: `pointer`. */
  readonly errorForm?: ErrorForm;
  /** Of one credential; above, 429. Default 0: no limit. */
  readonly requestsPerSecond?: number;
  /** Requests that are handled at the same time; above, 503. Default 64. */
  readonly concurrentRequests?: number;
  /**
   * Secrets by client id: those who may get a bearer token from `/ims/token/v3`. With them, the
   * routes of the newest generation ask for one. Default: none.
   */
  readonly clients?: Readonly<Record<string, string>> | undefined;
  /** Of a token. Default: a day. */
  readonly tokenSeconds?: number;
  /** Lets requests fail; undefined: no plan, and none can be set. */
  readonly faults?: readonly FaultRule[] | undefined;
  /** Whether others rely on the service; it then refuses to start with a fault plan. */
  readonly production?: boolean;
  /** Feeds that are taken. Default: all. */
  readonly feeds?: readonly Feed[];
  /** Wait after a webhook's first failure; doubles with each further one. Default 1. */
  readonly webhookWaitSeconds?: number;
  /** How long a webhook's subscriber may take to answer. Default 15. */
  readonly webhookTimeoutSeconds?: number;
  readonly clock: () => Date;
  readonly logger: Logger;
}

export interface IngestionService {
  /** `http://127.0.0.1:8081` */
  readonly url: string;
  readonly port: number;
  /** The fault plan, to be changed while the service runs; undefined where it was started without. */
  readonly faults: FaultPlan | undefined;
  /** Takes no more requests, answers those that are being handled, and disconnects. */
  close(): Promise<void>;
}

const DEFAULT_MAX_BODY_BYTES = 32 * 1024 * 1024;
const DEFAULT_CONCURRENT_REQUESTS = 64;

/**
 * Starts the Commerce service for all feeds; resolves when it listens.
 *
 * @throws ExportError SDE10-01 for a wrong key or fault plan, SDE60-02 for a plan in production, SDE60-01 when its database cannot be used, SDE20-05
 * when the port is taken.
 */
export async function startIngestion(options: IngestionServiceOptions): Promise<IngestionService> {
  const { host = '127.0.0.1', port, publicKeyPem, apiKeys, clock, logger } = options;
  if (apiKeys.length === 0) {
    throw new ExportError('SDE10-01', {
      message: 'The ingestion service has no API key that it could accept.',
      cure: 'Set INGESTION_API_KEYS.',
    });
  }
  if (options.faults !== undefined && options.production === true) {
    throw new ExportError('SDE60-02');
  }
  const faults = options.faults === undefined ? undefined : new FaultPlan(options.faults);
  const publicKey = publicKeyPem === undefined ? undefined : readPublicKey(publicKeyPem);
  // Before the database is touched; who takes the port meanwhile is told of below.
  if (port !== 0) await requireFreePort(host, port);
  const store = await ItemStore.open({ databaseUrl: options.databaseUrl, logger });
  const webhooks = new WebhookStore(store.pool);
  const app = createIngestion({
    store,
    webhooks,
    feeds: options.feeds ?? allFeeds(),
    apiKeys,
    publicKey,
    environments: options.environments,
    generations: options.generations ?? GENERATIONS,
    errorForm: options.errorForm ?? 'pointer',
    loadLimit: new LoadLimit({
      requestsPerSecond: options.requestsPerSecond ?? 0,
      concurrentRequests: options.concurrentRequests ?? DEFAULT_CONCURRENT_REQUESTS,
      clock,
    }),
    tokens:
      options.clients === undefined
        ? undefined
        : new Tokens({ clients: options.clients, lifetimeSeconds: options.tokenSeconds, clock }),
    faults,
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    protectReading: !isLoopback(host),
    clock,
    logger,
  });
  const delivery = new WebhookDelivery({
    store,
    webhooks,
    logger,
    firstWaitSeconds: options.webhookWaitSeconds,
    timeoutSeconds: options.webhookTimeoutSeconds,
  });
  const close = async (): Promise<void> => {
    await app.close();
    await delivery.close();
    await store.close();
  };
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await close();
    throw explained(cause, host, port);
  }
  const { port: bound } = app.server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  logger.info({ url, signatures: publicKey !== undefined }, 'ingestion listens');
  if (faults !== undefined) logger.warn('requests fail as planned');
  return { url, port: bound, faults, close };
}

async function requireFreePort(host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause) => reject(explained(cause, host, port)));
    server.listen({ host, port }, () => server.close(() => resolve()));
  });
}

function explained(cause: unknown, host: string, port: number): Error {
  if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
    return new ExportError('SDE20-05', { message: `Port ${port} of ${host} is in use.`, cause });
  }
  return cause instanceof Error ? cause : new Error('It cannot listen.', { cause });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
