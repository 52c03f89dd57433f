import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';

import type { TemporalConnectionOptions } from '../configuration/temporal.js';

/** Whether a worker asks the task queue for workflow tasks. */
export async function workerPolls(
  { connectionOptions, namespace }: TemporalConnectionOptions,
  taskQueue: string,
): Promise<boolean> {
  const connection = await Connection.connect(connectionOptions);
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    });
    return pollers.length > 0;
  } finally {
    await connection.close();
  }
}
