import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { Logger } from 'pino';

import type { Configuration } from '../../configuration/configuration.js';

/** Traces of this process, and what carries them through Temporal. */
export interface Tracing {
  readonly client: WorkflowClientInterceptor;
  readonly activity: ActivityInterceptorsFactory;
  readonly sinks: InjectedSinks<never>;
  /** Sends what is not sent yet, and ends. */
  close(): Promise<void>;
}

let running: Tracing | undefined;

/**
 * Starts traces where an OTLP endpoint is configured; nothing of OpenTelemetry is loaded where none
 * is. A process has one at most.
 */
export async function startTracing(
  configuration: Configuration,
  logger?: Logger,
): Promise<Tracing | undefined> {
  const { endpoint } = configuration.tracing;
  if (endpoint === undefined || running !== undefined) return running;
  const { openTelemetry } = await import('./open-telemetry.js');
  const tracing = openTelemetry({ ...configuration.tracing, endpoint }, logger);
  running = {
    ...tracing,
    async close() {
      running = undefined;
      await tracing.close();
    },
  };
  return running;
}

/** The traces of this process, where they were started. */
export function currentTracing(): Tracing | undefined {
  return running;
}
