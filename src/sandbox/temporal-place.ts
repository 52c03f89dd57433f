import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';

import { removeSchedules } from '../client/schedules/reconcile.js';
import { connectTemporal, pollersOf } from '../client/temporal.js';
import type { Configuration } from '../configuration/configuration.js';
import {
  temporalConnectionOptions,
  type TemporalConnectionOptions,
} from '../configuration/temporal.js';
import { ExportError } from '../errors/export-error.js';
import { FEED_NAMES } from '../feeds/names.js';
import { feedSyncId } from '../workflows/names.js';
import type { TemporalServer } from './servers/temporal-server.js';

const LISTING_LAG_MILLISECONDS = 1000;

/** Where the sandbox's workflows run. */
export interface TemporalPlace {
  readonly connection: TemporalConnectionOptions;
  readonly instance: string;
  readonly taskQueue: string;
  /** Settings with which roles and commands reach it. */
  readonly settings: Readonly<Record<string, string>>;
  readonly ui: string | undefined;
}

/** A server that this sandbox alone uses. */
export function privatePlace({
  address,
  namespace,
  uiUrl,
}: Pick<TemporalServer, 'address' | 'namespace' | 'uiUrl'>): TemporalPlace {
  return {
    connection: { connectionOptions: { address }, namespace },
    instance: '',
    taskQueue: 'saas-export',
    settings: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace },
    ui: uiUrl,
  };
}

/**
 * How the server that the configuration names is reached; it answered.
 *
 * @throws ExportError SDE20-04 when it cannot be reached or lacks the namespace.
 */
export async function reachTemporal({
  temporal,
}: Pick<Configuration, 'temporal'>): Promise<TemporalConnectionOptions> {
  const connection = await temporalConnectionOptions(temporal);
  await withClient(connection, (client) => pollersOf(client, 'saas-export'));
  return connection;
}

/**
 * A server that others may use too: schedules, workflow IDs and the task queue begin with
 * `instance`.
 */
export function sharedPlace(
  { temporal }: Pick<Configuration, 'temporal'>,
  connection: TemporalConnectionOptions,
  instance: string,
): TemporalPlace {
  return {
    connection,
    instance,
    taskQueue: `${instance}-saas-export`,
    settings: {
      ...Object.fromEntries(
        Object.entries(temporal.variables.reveal()).filter(([name]) =>
          name.startsWith('TEMPORAL_'),
        ),
      ),
      TEMPORAL_ADDRESS: connection.connectionOptions.address,
      TEMPORAL_NAMESPACE: connection.namespace,
    },
    ui: undefined,
  };
}

/**
 * Takes the sandbox's schedules and running workflows off a server that others use too; to be
 * called when its worker is gone.
 *
 * @throws ExportError SDE20-04 when that did not work out.
 */
export async function leavePlace(
  { connection, instance, taskQueue }: TemporalPlace,
  capture: 'triggers' | 'compare',
): Promise<void> {
  try {
    await withClient(connection, async (client) => {
      await removeSchedules(client, { instance, taskQueue, capture });
      for (const feed of FEED_NAMES) await terminate(client, feedSyncId(instance, feed));
      await terminateListed(client, taskQueue);
      // The listing lags behind: what a schedule started last may be missing from it.
      await sleep(LISTING_LAG_MILLISECONDS);
      await terminateListed(client, taskQueue);
    });
  } catch (cause) {
    throw new ExportError('SDE20-04', {
      message: `The sandbox’s schedules and workflows could not be removed from the Temporal server at ${connection.connectionOptions.address}.`,
      cure: `Delete the schedules ${instance}-saas-export-… there, and terminate what runs on the task queue ${taskQueue}.`,
      cause,
    });
  }
}

async function terminateListed(client: Client, taskQueue: string): Promise<void> {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    await terminate(client, workflowId, runId);
  }
}

async function terminate(client: Client, workflowId: string, runId?: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId, runId).terminate('The sandbox was stopped.');
  } catch (error) {
    // It has ended meanwhile, or never ran.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

async function withClient<T>(
  connection: TemporalConnectionOptions,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await connectTemporal(connection);
  try {
    return await work(client);
  } finally {
    await client.connection.close();
  }
}
