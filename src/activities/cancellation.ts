import type { Client } from '@temporalio/client';

interface Execution {
  readonly workflowId: string;
  readonly runId?: string | undefined;
}

/** A run is cancelled by its launcher, that one perhaps by another one. */
const LONGEST_CHAIN = 5;

/**
 * Who asked for a run to be cancelled, and why: `ada@laptop (wrong feed)`, `resync-1, cancelled by
 * ada@laptop`. Undefined where Temporal does not know.
 */
export async function whoCancelled(
  client: Client,
  execution: Execution,
): Promise<string | undefined> {
  const names: string[] = [];
  let at: Execution | undefined = execution;
  while (at !== undefined && names.length < LONGEST_CHAIN) {
    const request = await cancelRequest(client, at);
    if (request === undefined) break;
    const { by, reason, launcher } = request;
    const who = launcher?.workflowId ?? by;
    if (who === undefined) break;
    names.push(reason === undefined ? who : `${who} (${reason})`);
    at = launcher;
  }
  return names.length === 0 ? undefined : names.join(', cancelled by ');
}

async function cancelRequest(
  client: Client,
  { workflowId, runId }: Execution,
): Promise<
  | { by: string | undefined; reason: string | undefined; launcher: Execution | undefined }
  | undefined
> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const request = events?.findLast(
    (event) => event.workflowExecutionCancelRequestedEventAttributes != null,
  )?.workflowExecutionCancelRequestedEventAttributes;
  if (request == null) return undefined;
  const parent = request.externalWorkflowExecution;
  return {
    by: text(request.identity),
    reason: text(request.cause),
    launcher:
      parent?.workflowId == null || parent.workflowId === ''
        ? undefined
        : { workflowId: parent.workflowId, runId: text(parent.runId) },
  };
}

function text(value: string | null | undefined): string | undefined {
  return value == null || value === '' ? undefined : value;
}
