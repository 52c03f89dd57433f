import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';

import type { Edition } from '../commerce/edition.js';
import type { Configuration } from '../configuration/configuration.js';
import { requireSettings } from '../configuration/require.js';
import { ExportError } from '../errors/export-error.js';
import type { FeedName } from '../feeds/names.js';
import { pathOf, sendingRoute } from '../feeds/routes.js';
import { catalogFormat, type CatalogScopes } from '../publishing/catalog/catalog-format.js';
import type { Credentials } from '../publishing/credentials.js';
import { Deliverer } from '../publishing/deliverer.js';
import { createDispatcher } from '../publishing/dispatcher.js';
import { ImsCredentials } from '../publishing/ims-credentials.js';
import { fixedKey, keyFile, type KeySource } from '../publishing/key-source.js';
import { HttpPublisher } from '../publishing/publisher.js';
import { readPrivateKey, SignedCredentials } from '../publishing/signed-credentials.js';
import { StoreGate } from '../publishing/store-gate.js';
import { FEED_FORMAT, type WireFormat, type WireOperation } from '../publishing/wire-format.js';
import type { Store } from '../store/store.js';
import { CODE_VERSION } from './version.js';

/**
 * Puts together what delivers items to the configured service. Budget and circuits are shared by
 * all workers that use the store.
 *
 * @param scopes what the catalog presets need to know of store views and websites.
 * @param edition the shop's, where the configuration does not say.
 * @throws ExportError SDE10-01 for missing settings, CDE02-01 for a key that cannot be read.
 */
export async function openDeliverer(
  configuration: Configuration,
  store: Store,
  scopes: CatalogScopes,
  logger: Logger,
  edition: Edition,
): Promise<Deliverer> {
  const { service, commerce } = configuration;
  const required = requireSettings(configuration, [
    'SERVICE_URL',
    'SERVICE_ENVIRONMENT_ID',
    'SERVICE_API_KEY',
  ]);
  const clock = (): Date => new Date();
  const dispatcher = await openDispatcher(configuration);
  const route = (feed: FeedName, operation: WireOperation): string | undefined =>
    routeOf(configuration, feed, operation);
  requireRoutes(configuration, route);
  const publisher = new HttpPublisher({
    serviceUrl: required.SERVICE_URL,
    route: (feed, operation) => {
      const path = route(feed, operation);
      return path === undefined ? undefined : pathOf(path, required.SERVICE_ENVIRONMENT_ID);
    },
    credentials: credentialsOf(configuration, dispatcher, logger),
    dispatcher,
    commerceEdition: commerce.edition ?? edition,
    commerceVersion: commerce.version ?? 'unknown',
    codeVersion: CODE_VERSION,
    compressionLevel: service.compression ? service.compressionLevel : 0,
    timeoutSeconds: service.timeoutSeconds,
    headers: service.headers?.reveal() ?? {},
    showHeaders: configuration.log.extended,
  });
  const gate = new StoreGate({
    store,
    credential: credentialName(required.SERVICE_URL, required.SERVICE_ENVIRONMENT_ID),
    requestsPerSecond: service.requestsPerSecond,
    requestSeconds: service.timeoutSeconds,
  });
  return new Deliverer({ publisher, gate, format: formatOf(configuration, scopes), clock });
}

/** Whether the scopes' feeds take the form of the published SaaS routes. */
export function usesWireForms({ service }: Configuration): boolean {
  return service.routes.preset === 'commerce-services' && service.scopesForm === 'wire';
}

function routeOf(
  { service }: Configuration,
  feed: FeedName,
  operation: WireOperation,
): string | undefined {
  const { preset, custom } = service.routes;
  const own = custom[feed];
  if (own !== undefined) return operation === 'delete' ? `${own}/delete` : own;
  return sendingRoute({ preset, feed, operation, feedForm: service.scopesForm === 'feed' });
}

function requireRoutes(
  { service, feeds }: Configuration,
  route: (feed: FeedName, operation: WireOperation) => string | undefined,
): void {
  const lost = feeds.enabled.filter((feed) => route(feed, 'upsert') === undefined);
  if (lost.length === 0) return;
  const taken = feeds.enabled.filter((feed) => !lost.includes(feed));
  throw new ExportError('SDE10-01', {
    message: `The preset ${service.routes.preset} of SERVICE_ROUTES has no route for ${lost.join(', ')}.`,
    cure: `Leave them out, FEEDS=${taken.join(',')}, or add routes for them to SERVICE_ROUTES.`,
  });
}

function formatOf({ service }: Configuration, scopes: CatalogScopes): WireFormat {
  const { preset } = service.routes;
  return preset === 'commerce-services' ? FEED_FORMAT : catalogFormat(preset, scopes);
}

/**
 * The name of the credential in the store. Not its key, which may be replaced while workers run:
 * all that share the store send to the same data space, with the same rights.
 */
export function credentialName(serviceUrl: string, environmentId: string): string {
  return `${new URL(serviceUrl).host}/${environmentId}`.slice(0, 191);
}

/** Connections to the service, through its proxy and with its authorities. */
export async function openDispatcher({ service }: Configuration): Promise<Dispatcher> {
  return createDispatcher({
    timeoutSeconds: service.timeoutSeconds,
    authorities:
      service.caFile === undefined ? undefined : [await readCertificates(service.caFile)],
    proxy: service.proxy.reveal(),
  });
}

/** @throws ExportError SDE10-01 for missing settings, CDE02-01 for a key that cannot be read. */
export function credentialsOf(
  configuration: Configuration,
  dispatcher: Dispatcher,
  logger: Logger,
): Credentials {
  const { service } = configuration;
  const clock = (): Date => new Date();
  const { SERVICE_API_KEY: apiKey } = requireSettings(configuration, ['SERVICE_API_KEY']);
  if (service.credentials === 'ims') {
    const { SERVICE_IMS_CLIENT_SECRET: clientSecret } = requireSettings(configuration, [
      'SERVICE_IMS_CLIENT_SECRET',
    ]);
    return new ImsCredentials({
      ...service.ims,
      clientId: apiKey.reveal(),
      clientSecret: keyOf(clientSecret.reveal(), service.keyFiles.imsClientSecret),
      dispatcher,
      clock,
    });
  }
  return new SignedCredentials({
    apiKey: keyOf(apiKey.reveal(), service.keyFiles.apiKey),
    privateKey:
      service.privateKey === undefined
        ? undefined
        : keyOf(service.privateKey.reveal(), service.keyFiles.privateKey, readPrivateKey),
    clock,
    lifetimeSeconds: service.jwt.lifetimeSeconds,
    claims: service.jwt.claims,
    onSkew: (seconds) => {
      logger.warn(
        { seconds },
        `the service’s clock is ${Math.abs(seconds)} seconds ${seconds > 0 ? 'ahead of' : 'behind'} this machine’s; signatures follow it`,
      );
    },
  });
}

function keyOf(
  initial: string,
  file: string | undefined,
  parse?: (content: string) => string,
): KeySource {
  if (file === undefined) return fixedKey(initial);
  return keyFile(file, { initial, ...(parse === undefined ? {} : { parse }) });
}

async function readCertificates(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ExportError('SDE10-01', {
      message: `SERVICE_CA_FILE: ${file} cannot be read.`,
      cause,
    });
  }
}
