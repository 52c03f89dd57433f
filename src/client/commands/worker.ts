import type { Logger } from 'pino';

import type { Configuration } from '../../configuration/configuration.js';
import {
  temporalConnectionOptions,
  type TemporalConnectionOptions,
} from '../../configuration/temporal.js';
import { createLogger } from '../../log/logger.js';
import { openDependencies, WORKER_SETTINGS } from '../../worker/dependencies.js';
import { Observation } from '../../worker/metrics/observation.js';
import { startTracing } from '../../worker/tracing/tracing.js';
import { runWorker } from '../../worker/worker.js';
import { configurationFor, stopSignal, type ConnectionFlags } from '../edge.js';
import { scheduleSettings } from '../schedules/declarations.js';
import { applySchedules } from '../schedules/reconcile.js';
import { ensureSearchAttributes } from '../search-attributes.js';
import { connectTemporal } from '../temporal.js';

/** Runs a worker until Ctrl-C. */
export async function worker(flags: ConnectionFlags): Promise<void> {
  const signal = stopSignal();
  const configuration = await configurationFor(flags, WORKER_SETTINGS);
  const log = createLogger(configuration.log);
  const temporal = await temporalConnectionOptions(configuration.temporal);
  const tracing = await startTracing(configuration, log);
  const observation = new Observation(configuration, log);
  const dependencies = await openDependencies(configuration, log, observation.observer);
  try {
    // First what another program may be in the way of; nothing on the server was changed then.
    await observation.start(dependencies);
    await prepareNamespace(configuration, temporal, log);
    await runWorker({
      temporal,
      taskQueue: configuration.temporal.taskQueue,
      dependencies,
      concurrency: configuration.worker.concurrency,
      shutdownGraceSeconds: configuration.worker.shutdownGraceSeconds,
      signal,
      tracing,
      onReady: () => log.info({ taskQueue: configuration.temporal.taskQueue }, 'worker ready'),
    });
  } finally {
    await observation.close();
    await dependencies.close();
    await tracing?.close();
  }
}

/** Search attributes that runs set, and schedules where this worker is to apply them. */
async function prepareNamespace(
  configuration: Configuration,
  temporal: TemporalConnectionOptions,
  log: Logger,
): Promise<void> {
  const client = await connectTemporal(temporal);
  try {
    const attributes = await ensureSearchAttributes(client.connection, temporal.namespace);
    if (attributes.length > 0) log.info({ attributes }, 'search attributes registered');
    if (!configuration.worker.applySchedules) return;
    for (const { id, action, differences } of await applySchedules(
      client,
      scheduleSettings(configuration),
    )) {
      if (action !== 'off') log.info({ schedule: id, action, differences }, 'schedule applied');
    }
  } finally {
    await client.connection.close();
  }
}
