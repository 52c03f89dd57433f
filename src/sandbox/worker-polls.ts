import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';

/** Whether a worker asks the task queue for workflow tasks. */
export async function workerPolls(
  address: string,
  namespace: string,
  taskQueue: string,
): Promise<boolean> {
  const connection = await Connection.connect({ address });
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
