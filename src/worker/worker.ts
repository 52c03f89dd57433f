import { NativeConnection, Worker } from '@temporalio/worker';

import { createActivities } from '../activities/activities.js';
import type { ActivityDependencies } from '../activities/dependencies.js';
import { ExportError } from '../errors/export-error.js';
import { workflowBundle } from './bundle.js';
import { failureInterceptor } from './failures.js';
import type { Tracing } from './tracing/tracing.js';
import type { TemporalConnectionOptions } from '../configuration/temporal.js';

export interface WorkerOptions {
  readonly temporal: TemporalConnectionOptions;
  readonly taskQueue: string;
  readonly dependencies: ActivityDependencies;
  /** Activities at the same time. */
  readonly concurrency: number;
  /** How long running activities may take to reach the end of their page when the worker stops. */
  readonly shutdownGraceSeconds: number;
  /** Stops the worker: it takes no new work, and running work stops at the next page. */
  readonly signal: AbortSignal;
  /** Undefined: no traces. */
  readonly tracing?: Tracing | undefined;
  /** Called when the worker polls. */
  readonly onReady?: () => void;
}

/** Most activities are done by then, and need not be told to stop. */
const SHORT_ACTIVITY_MILLISECONDS = 1_000;

/**
 * Runs workflows and activities until the signal aborts, then ends in good order.
 *
 * @throws ExportError SDE20-04 when the Temporal server cannot be reached.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { temporal, signal, tracing } = options;
  const connection = await connect(temporal);
  try {
    const worker = await Worker.create({
      connection,
      namespace: temporal.namespace,
      taskQueue: options.taskQueue,
      workflowBundle: await workflowBundle({ traced: tracing !== undefined }),
      activities: createActivities(options.dependencies),
      interceptors: {
        activity: [
          ...(tracing === undefined ? [] : [tracing.activity]),
          () => ({ inbound: failureInterceptor }),
        ],
      },
      ...(tracing === undefined ? {} : { sinks: tracing.sinks }),
      maxConcurrentActivityTaskExecutions: options.concurrency,
      // Workflow code is small and its runs are few; the default is for thousands.
      maxCachedWorkflows: 100,
      // Activities that listen or export for minutes are told soon, and then stop at the next page.
      shutdownGraceTime: SHORT_ACTIVITY_MILLISECONDS,
      shutdownForceTime: options.shutdownGraceSeconds * 1000,
      // Cancellation reaches activities with their heartbeats, at most this late.
      maxHeartbeatThrottleInterval: '1 second',
    });
    const stop = (): void => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    signal.addEventListener('abort', stop, { once: true });
    const running = worker.run();
    if (signal.aborted) stop();
    options.onReady?.();
    await running;
  } finally {
    await connection.close();
  }
}

async function connect(temporal: TemporalConnectionOptions): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(temporal.connectionOptions);
  } catch (cause) {
    throw new ExportError('SDE20-04', {
      message: `The Temporal server at ${temporal.connectionOptions.address} cannot be reached.`,
      cause,
    });
  }
}
