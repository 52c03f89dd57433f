import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';

import type { TemporalConnectionOptions } from '../configuration/temporal.js';
import { ExportError } from '../errors/export-error.js';
import { currentTracing } from '../worker/tracing/tracing.js';

/** How long a server may take to answer; a person waits for it. */
const CONNECT_TIMEOUT = '2 seconds';

/** Connects to the Temporal server. @throws ExportError SDE20-04 when it cannot be reached. */
export async function connectTemporal(options: TemporalConnectionOptions): Promise<Client> {
  try {
    const connection = await Connection.connect({
      ...options.connectionOptions,
      connectTimeout: CONNECT_TIMEOUT,
    });
    const tracing = currentTracing();
    return new Client({
      connection,
      namespace: options.namespace,
      ...(tracing === undefined ? {} : { interceptors: { workflow: [tracing.client] } }),
    });
  } catch (cause) {
    throw new ExportError('SDE20-04', {
      message: `The Temporal server at ${options.connectionOptions.address} cannot be reached.`,
      cause,
    });
  }
}

/** A worker asks anew each minute; the server remembers it for five. */
const POLLING_SECONDS = 90;

/**
 * How many workers asked the task queue for workflow tasks of late.
 *
 * @throws ExportError SDE20-04 when the namespace does not exist.
 */
export async function pollersOf(client: Client, taskQueue: string): Promise<number> {
  const { namespace } = client.options;
  try {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    });
    const since = Date.now() / 1000 - POLLING_SECONDS;
    return pollers.filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) > since)
      .length;
  } catch (cause) {
    if (!isGrpcServiceError(cause) || String(cause.code) !== GRPC_NOT_FOUND) throw cause;
    throw new ExportError('SDE20-04', {
      message: `The Temporal server has no namespace “${namespace}”.`,
      cure: 'Check TEMPORAL_NAMESPACE.',
      cause,
    });
  }
}

/** gRPC's status code for what does not exist. */
const GRPC_NOT_FOUND = '5';
