import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';

import type { Configuration } from '../configuration/configuration.js';
import { requireSettings } from '../configuration/require.js';
import { ExportError } from '../errors/export-error.js';
import { pathOf, ROUTE_PRESETS } from '../feeds/routes.js';
import type { Credentials } from '../publishing/credentials.js';
import { Deliverer } from '../publishing/deliverer.js';
import { createDispatcher } from '../publishing/dispatcher.js';
import { ImsCredentials } from '../publishing/ims-credentials.js';
import { fixedKey, keyFile, type KeySource } from '../publishing/key-source.js';
import { HttpPublisher } from '../publishing/publisher.js';
import { readPrivateKey, SignedCredentials } from '../publishing/signed-credentials.js';
import { StoreGate } from '../publishing/store-gate.js';
import { FEED_FORMAT } from '../publishing/wire-format.js';
import type { Store } from '../store/store.js';
import { CODE_VERSION } from './version.js';

/**
 * Puts together what delivers items to the configured service. Budget and circuits are shared by
 * all workers that use the store.
 *
 * @throws ExportError SDE10-01 for missing settings, CDE02-01 for a key that cannot be read.
 */
export async function openDeliverer(
  configuration: Configuration,
  store: Store,
  logger: Logger,
): Promise<Deliverer> {
  const { service, commerce } = configuration;
  const required = requireSettings(configuration, [
    'SERVICE_URL',
    'SERVICE_ENVIRONMENT_ID',
    'SERVICE_API_KEY',
  ]);
  const clock = (): Date => new Date();
  const dispatcher = createDispatcher({
    timeoutSeconds: service.timeoutSeconds,
    authorities:
      service.caFile === undefined ? undefined : [await readCertificates(service.caFile)],
    proxy: service.proxy.reveal(),
  });
  const preset = ROUTE_PRESETS[service.routes.preset];
  const publisher = new HttpPublisher({
    serviceUrl: required.SERVICE_URL,
    route: (feed) => {
      const standard = preset[feed];
      const path =
        service.routes.custom[feed] ??
        (service.scopesForm === 'feed' ? (standard.feedForm ?? standard.path) : standard.path);
      return pathOf(path, required.SERVICE_ENVIRONMENT_ID);
    },
    credentials: credentialsOf(configuration, dispatcher, logger),
    dispatcher,
    commerceEdition: commerce.edition ?? 'ce',
    commerceVersion: commerce.version ?? 'unknown',
    codeVersion: CODE_VERSION,
    compressionLevel: service.compression ? service.compressionLevel : 0,
    timeoutSeconds: service.timeoutSeconds,
    headers: service.headers?.reveal() ?? {},
  });
  const gate = new StoreGate({
    store,
    credential: credentialName(required.SERVICE_URL, required.SERVICE_ENVIRONMENT_ID),
    requestsPerSecond: service.requestsPerSecond,
    requestSeconds: service.timeoutSeconds,
  });
  return new Deliverer({ publisher, gate, format: FEED_FORMAT, clock });
}

/**
 * The name of the credential in the store. Not its key, which may be replaced while workers run:
 * all that share the store send to the same data space, with the same rights.
 */
export function credentialName(serviceUrl: string, environmentId: string): string {
  return `${new URL(serviceUrl).host}/${environmentId}`.slice(0, 191);
}

function credentialsOf(
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
