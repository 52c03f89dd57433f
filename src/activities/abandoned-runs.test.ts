import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { migrate } from '../store/migrate.js';
import { findRun } from '../store/run-history.js';
import { recordRunStart } from '../store/runs.js';
import { Store } from '../store/store.js';
import { closeAbandonedRuns, type ClosedRun } from './abandoned-runs.js';

const { CommandType } = proto.temporal.api.enums.v1;
type ResetRequest = proto.temporal.api.workflowservice.v1.IResetWorkflowExecutionRequest;
type Command = proto.temporal.api.command.v1.ICommand;

let client: Client;
let store: Store;
let workflowId: string;

beforeAll(async () => {
  const { address, namespace } = inject('temporal');
  client = new Client({ connection: await Connection.connect({ address }), namespace });
  store = new Store({ databaseUrl: (await freshDatabase('abandoned')).url });
  await migrate(store, []);
});
afterAll(() => Promise.all([client.connection.close(), store.close()]));
beforeEach(() => {
  workflowId = `sync/${randomBytes(4).toString('hex')}`;
});

/** Starts a workflow whose worker is this test, and the record of its run. */
async function startRun(): Promise<number> {
  const { firstExecutionRunId } = await client.workflow.start('feedSync', {
    workflowId,
    taskQueue: workflowId,
  });
  return recordRunStart(store, {
    feed: 'products',
    operation: 'full sync',
    workflowId,
    workflowRunId: firstExecutionRunId,
    launchedBy: undefined,
    requestedBy: undefined,
    reason: undefined,
    trigger: 'fullSync',
    options: {},
    codeVersion: '0.1.0',
    contractVersion: 1,
  });
}

/** Answers the workflow's next task as a worker would. */
async function answerTask(...commands: Command[]): Promise<void> {
  const { namespace } = client.options;
  const { taskToken } = await client.connection.withDeadline(Date.now() + 10_000, () =>
    client.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: workflowId } }),
  );
  await client.workflowService.respondWorkflowTaskCompleted({ namespace, taskToken, commands });
}

const CONTINUE: Command = {
  commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
  continueAsNewWorkflowExecutionCommandAttributes: { workflowType: { name: 'feedSync' } },
};
const FAIL: Command = {
  commandType: CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
  failWorkflowExecutionCommandAttributes: { failure: { message: 'out of paper' } },
};
const CANCEL: Command = {
  commandType: CommandType.COMMAND_TYPE_CANCEL_WORKFLOW_EXECUTION,
  cancelWorkflowExecutionCommandAttributes: {},
};

function sweep(): Promise<ClosedRun[]> {
  return closeAbandonedRuns(store, client, { graceSeconds: 0, beat: () => undefined });
}

describe('a sweep', () => {
  test('leaves a run alone that continued as new and goes on', async () => {
    const run = await startRun();
    await answerTask(CONTINUE);
    await answerTask(CONTINUE);
    expect(await sweep()).toEqual([]);
    await client.workflow.getHandle(workflowId).terminate('enough');
    expect(await sweep()).toMatchObject([{ runId: run, outcome: 'terminated' }]);
  });

  test('tells the end of the run’s own chain, not of a later one with the same ID', async () => {
    const run = await startRun();
    await answerTask(CONTINUE);
    await answerTask(FAIL);
    await client.workflow.start('feedSync', { workflowId, taskQueue: workflowId });
    const [closed] = await sweep();
    expect(closed).toMatchObject({ runId: run, outcome: 'failed' });
    expect(closed?.sentence).toContain(
      'Full sync of products failed: out of paper, after 0 entities',
    );
    await client.workflow.getHandle(workflowId).terminate();
  });

  test('leaves a run alone that was reset, until that has ended', async () => {
    const run = await startRun();
    await answerTask();
    const { namespace } = client.options;
    await client.workflowService.resetWorkflowExecution({
      namespace,
      workflowExecution: { workflowId },
      // The end of the first workflow task.
      workflowTaskFinishEventId: 4,
      reason: 'try again',
      requestId: workflowId,
    } as unknown as ResetRequest);
    expect(await sweep()).toEqual([]);
    await answerTask(CANCEL);
    expect(await sweep()).toMatchObject([{ runId: run }]);
  });

  test('dates the end by the server, not by the sweep', async () => {
    const run = await startRun();
    await answerTask(CANCEL);
    const before = Date.now();
    expect(await sweep()).toMatchObject([{ runId: run, outcome: 'cancelled' }]);
    const record = await findRun(store, run);
    expect(Date.parse(`${record?.endedAt?.replace(' ', 'T')}Z`)).toBeLessThanOrEqual(before);
  });
});
