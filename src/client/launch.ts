import { WorkflowFailedError, type Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';

import type { Configuration } from '../configuration/configuration.js';
import { temporalConnectionOptions } from '../configuration/temporal.js';
import { ExportError } from '../errors/export-error.js';
import { inSpan } from '../tracing/span.js';
import { startTracing } from '../worker/tracing/tracing.js';
import { causeOf } from '../workflows/failures.js';
import { startAttributes } from '../workflows/search-attributes.js';
import { configurationFor, print, type ConnectionFlags, type JsonFlag } from './edge.js';
import { followUntilInterrupted, type Follow } from './interrupt.js';
import { connectTemporal, pollersOf } from './temporal.js';

export interface LaunchFlags extends ConnectionFlags, JsonFlag {
  readonly detach?: boolean;
}

/** A workflow that a person starts. */
export interface Launch {
  readonly workflowType: string;
  /** Begins the workflow ID: `resync-…`. */
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly summary: string;
  /** The operation, as search attribute. */
  readonly syncType: string;
}

/**
 * Starts a workflow and waits for its result. At Ctrl-C on a terminal it asks whether to detach or
 * to cancel; without one it detaches, and the workflow goes on.
 *
 * @returns undefined where it was not waited for.
 * @throws ExportError SDE40-03 when the workflow failed, SDE20-04 without a server.
 */
export async function launch<Result>(
  flags: LaunchFlags,
  { workflowType, name, input, summary, syncType }: Launch,
  follow: Follow<Result>,
): Promise<Result | undefined> {
  return withTemporal(flags, async (client, configuration) => {
    await sayWithoutWorker(client, configuration);
    const workflowId = `${name}-${randomUUID()}`;
    await inSpan(`saas-export ${name}`, { attributes: { summary } }, () =>
      client.workflow.start(workflowType, {
        workflowId,
        taskQueue: configuration.temporal.taskQueue,
        args: [input],
        staticSummary: summary,
        typedSearchAttributes: startAttributes({ syncType, requestedBy: userInfo().username }),
      }),
    );
    if (flags.detach === true) {
      print(flags.json, { workflowId }, () => `Started as workflow ${workflowId}.`);
      return undefined;
    }
    try {
      return await followUntilInterrupted(client, workflowId, follow);
    } catch (error) {
      throw error instanceof WorkflowFailedError ? failedRun(error, summary) : error;
    }
  });
}

/** Runs `work` with the configured Temporal server. @throws ExportError SDE20-04. */
export async function withTemporal<T>(
  flags: ConnectionFlags,
  work: (client: Client, configuration: Configuration) => Promise<T>,
): Promise<T> {
  const configuration = await configurationFor(flags);
  const tracing = await startTracing(configuration);
  try {
    const client = await connectTemporal(await temporalConnectionOptions(configuration.temporal));
    try {
      return await work(client, configuration);
    } finally {
      await client.connection.close();
    }
  } finally {
    await tracing?.close();
  }
}

async function sayWithoutWorker(
  client: Client,
  { temporal: { taskQueue } }: Configuration,
): Promise<void> {
  if ((await pollersOf(client, taskQueue)) > 0) return;
  process.stderr.write(
    `No worker polls the task queue ${taskQueue}: the sync starts when one does. Start one with \`saas-export worker\`.\n`,
  );
}

function failedRun(error: WorkflowFailedError, summary: string): ExportError {
  return new ExportError('SDE40-03', {
    message: causeOf(error.cause) ?? `The ${summary} failed.`,
    cause: error,
  });
}
