import { Runtime } from '@temporalio/worker';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Logger } from 'pino';

import type { ActivityDependencies } from '../../activities/dependencies.js';
import type { Observer } from '../../activities/observer.js';
import type { Configuration } from '../../configuration/configuration.js';
import { temporalLogger } from '../../log/temporal-logger.js';
import { allOf, profiler } from '../profiler.js';
import { freePort, MetricsServer } from './metrics-server.js';
import { StateMetrics } from './state-metrics.js';
import { workMetrics } from './work-metrics.js';

/** How this process is looked at: the profiler, and metrics where a port is set. */
export class Observation {
  readonly observer: Observer | undefined;
  readonly #configuration: Configuration;
  readonly #logger: Logger;
  readonly #registry: Registry | undefined;
  #server: MetricsServer | undefined;

  constructor(configuration: Configuration, logger: Logger) {
    this.#configuration = configuration;
    this.#logger = logger;
    this.#registry = configuration.metrics.port === 0 ? undefined : new Registry();
    this.observer = allOf([
      ...(configuration.log.profiler ? [profiler(logger)] : []),
      ...(this.#registry === undefined ? [] : [workMetrics(this.#registry)]),
    ]);
  }

  /** Installs Temporal's runtime with our log and its metrics, and serves the metrics. */
  async start(deps: ActivityDependencies): Promise<void> {
    const registry = this.#registry;
    const logger = temporalLogger(this.#logger);
    // The process's own handlers decide when the worker stops.
    if (registry === undefined) {
      Runtime.install({ logger, shutdownSignals: [] });
      return;
    }
    const temporalAddress = `127.0.0.1:${await freePort()}`;
    Runtime.install({
      logger,
      shutdownSignals: [],
      telemetryOptions: { metrics: { prometheus: { bindAddress: temporalAddress } } },
    });
    collectDefaultMetrics({ register: registry });
    const { requestsPerSecond } = this.#configuration.service;
    const state = new StateMetrics(registry, deps, { requestsPerSecond });
    const { host, port } = this.#configuration.metrics;
    this.#server = await MetricsServer.start({
      host,
      port,
      registry,
      refresh: () => state.refresh(),
      temporalUrl: `http://${temporalAddress}/metrics`,
    });
    this.#logger.info({ host, port: this.#server.port }, 'metrics are served');
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }
}
