import { requireSettings } from '../../configuration/require.js';
import { readFaultPlan } from '../../ingestion/fault-plan.js';
import { generationsOf } from '../../ingestion/intake-routes.js';
import { startIngestion } from '../../ingestion/start.js';
import { createLogger } from '../../log/logger.js';
import { configurationFor, stopSignal } from '../edge.js';

/** Runs the ingestion service until Ctrl-C. */
export async function ingestion(): Promise<void> {
  const signal = stopSignal();
  const needed = ['INGESTION_DATABASE_URL', 'INGESTION_API_KEYS'] as const;
  const configuration = await configurationFor({}, needed);
  const required = requireSettings(configuration, needed);
  const { publicKey, clients, faultsFile, generations, ...settings } = configuration.ingestion;
  const { host, port, environments, maxBodyBytes } = settings;
  const service = await startIngestion({
    databaseUrl: required.INGESTION_DATABASE_URL,
    apiKeys: required.INGESTION_API_KEYS.reveal(),
    host,
    port,
    publicKeyPem: publicKey,
    environments,
    maxBodyBytes,
    requestsPerSecond: settings.requestsPerSecond,
    concurrentRequests: settings.concurrentRequests,
    generations: generationsOf(generations),
    errorForm: settings.errorForm,
    clients: clients?.reveal(),
    faults: faultsFile === undefined ? undefined : await readFaultPlan(faultsFile),
    production: settings.production,
    clock: () => new Date(),
    logger: createLogger(configuration.log),
  });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await service.close();
}
