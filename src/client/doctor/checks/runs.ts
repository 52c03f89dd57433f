import { WorkflowNotFoundError, type Client } from '@temporalio/client';

import type { Store } from '../../../store/store.js';
import { ok, problem, type Check, type Finding } from '../finding.js';

/** An activity that failed that often does not get well by itself. */
const MANY_ATTEMPTS = 10;

interface OpenRun {
  readonly runId: number;
  readonly feed: string;
  readonly workflowId: string;
  readonly startedAt: string;
}

/** Runs whose record says that they go on, although their workflow does not, or is stuck. */
export const runs: Check = {
  name: 'runs',
  async run({ store, temporal }) {
    if (store === undefined || temporal === undefined) return [];
    const findings: Finding[] = [];
    for (const run of await openRuns(store)) findings.push(...(await runFinding(temporal, run)));
    return findings.length > 0 ? findings : [ok('No run is stuck.')];
  },
};

function openRuns(store: Store): Promise<OpenRun[]> {
  return store.rows<OpenRun>(
    `SELECT run_id AS runId, feed, workflow_id AS workflowId, started_at AS startedAt
     FROM ${store.t('sync_run')} WHERE ended_at IS NULL ORDER BY run_id DESC LIMIT 50`,
  );
}

async function runFinding(client: Client, run: OpenRun): Promise<Finding[]> {
  const name = `Run ${run.runId} of ${run.feed} (since ${run.startedAt.slice(0, 19)} UTC)`;
  try {
    const description = await client.workflow.getHandle(run.workflowId).describe();
    if (description.status.name !== 'RUNNING')
      return [ended(name, run, description.status.name.toLowerCase())];
    const stuck = (description.raw.pendingActivities ?? []).find(
      ({ attempt }) => (attempt ?? 0) >= MANY_ATTEMPTS,
    );
    if (stuck === undefined) return [];
    return [
      problem(
        `${name} fails again and again at ${stuck.activityType?.name ?? 'an activity'}: ${stuck.lastFailure?.message ?? 'no reason given'}`,
        'It makes no progress.',
        `Cure the reason, or cancel it: saas-export cancel --feed ${run.feed}`,
      ),
    ];
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return [ended(name, run, 'unknown to Temporal')];
    throw error;
  }
}

function ended(name: string, run: OpenRun, status: string): Finding {
  return problem(
    `${name} is recorded as running, but its workflow is ${status}.`,
    'What it was to send may not have been sent.',
    `saas-export resync --feed ${run.feed}`,
  );
}
