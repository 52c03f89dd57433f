import { Runtime } from '@temporalio/worker';

import { temporalConnectionOptions } from '../../configuration/temporal.js';
import { createLogger } from '../../log/logger.js';
import { temporalLogger } from '../../log/temporal-logger.js';
import { openDependencies } from '../../worker/dependencies.js';
import { runWorker } from '../../worker/worker.js';
import { configurationFor, stopSignal, type ConnectionFlags } from '../edge.js';

/** Runs a worker until Ctrl-C. */
export async function worker(flags: ConnectionFlags): Promise<void> {
  const signal = stopSignal();
  const configuration = await configurationFor(flags);
  const log = createLogger(configuration.log);
  const temporal = await temporalConnectionOptions(configuration.temporal);
  const dependencies = await openDependencies(configuration, log);
  try {
    // The process's own handlers decide when the worker stops.
    Runtime.install({ logger: temporalLogger(log), shutdownSignals: [] });
    await runWorker({
      temporal,
      taskQueue: configuration.temporal.taskQueue,
      dependencies,
      concurrency: configuration.worker.concurrency,
      shutdownGraceSeconds: configuration.worker.shutdownGraceSeconds,
      signal,
      onReady: () => log.info({ taskQueue: configuration.temporal.taskQueue }, 'worker ready'),
    });
  } finally {
    await dependencies.close();
  }
}
