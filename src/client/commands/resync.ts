import { WorkflowFailedError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';

import { temporalConnectionOptions } from '../../configuration/temporal.js';
import { ExportError } from '../../errors/export-error.js';
import { feedNamed } from '../../feeds/registry.js';
import { checkFullSyncInput } from '../../workflows/input.js';
import { causeOf } from '../../workflows/failures.js';
import type { FeedOutcome, FullSyncInput, FullSyncResult } from '../../workflows/messages.js';
import { WORKFLOW } from '../../workflows/names.js';
import { configurationFor, print, type ConnectionFlags } from '../edge.js';
import { EXIT } from '../errors.js';
import { followFullSync, ProgressBars } from '../follow.js';
import { table } from '../table.js';
import { connectTemporal, pollersOf } from '../temporal.js';

export interface ResyncFlags extends ConnectionFlags {
  readonly feed?: string;
  readonly all?: boolean;
  /** commander turns `--no-reindex` into `reindex: false`. */
  readonly reindex: boolean;
  readonly cleanupFeed?: boolean;
  readonly cleanup?: boolean;
  readonly dryRun?: boolean;
  readonly byIds?: string;
  readonly idType?: string;
  readonly force?: boolean;
  readonly approveDeletions?: boolean;
  readonly threadCount?: string;
  readonly batchSize?: string;
  readonly continueResync?: boolean;
  readonly reason?: string;
  readonly detach?: boolean;
  readonly json?: boolean;
}

/** Starts a full sync and follows it; the exit code tells its outcome. */
export async function resync(flags: ResyncFlags): Promise<void> {
  const input = resyncInput(flags);
  const configuration = await configurationFor(flags);
  const client = await connectTemporal(await temporalConnectionOptions(configuration.temporal));
  try {
    if (flags.continueResync === true) {
      process.stderr.write('--continue-resync is not needed: runs resume by themselves.\n');
    }
    const { taskQueue } = configuration.temporal;
    if ((await pollersOf(client, taskQueue)) === 0) {
      process.stderr.write(
        `No worker polls the task queue ${taskQueue}: the sync starts when one does. Start one with \`saas-export worker\`.\n`,
      );
    }
    const workflowId = `resync-${randomUUID()}`;
    await client.workflow.start(WORKFLOW.fullSync, {
      workflowId,
      taskQueue,
      args: [input],
      staticSummary: `full sync of ${input.feeds === 'all' ? 'all feeds' : String(input.feeds)}`,
    });
    if (flags.detach === true) {
      print(flags.json, { workflowId }, () => `Started as workflow ${workflowId}.`);
      return;
    }
    const bars = flags.json !== true && process.stdout.isTTY ? new ProgressBars() : undefined;
    const result = await followFullSync(client, workflowId, bars);
    print(flags.json, result, () => resultTable(result));
    process.exitCode = exitCodeOf(result.outcome);
  } catch (error) {
    throw error instanceof WorkflowFailedError ? failedRun(error) : error;
  } finally {
    await client.connection.close();
  }
}

/** The outcome of a sync, a line for each feed, and what went wrong below. */
export function resultTable(result: FullSyncResult): string {
  const troubled = Object.values(result.feeds).filter(
    ({ outcome }) => outcome !== 'completed' && outcome !== 'not available',
  );
  return [countsTable(result), ...troubled.map(({ sentence }) => sentence)].join('\n');
}

function countsTable(result: FullSyncResult): string {
  return table(
    ['feed', 'outcome', 'entities', 'items', 'sent', 'unchanged', 'refused', 'failed', 'deleted'],
    Object.entries(result.feeds).map(([feed, { outcome, counts }]) => [
      feed,
      outcome,
      counts.processed,
      counts.collected,
      counts.sent,
      counts.unchanged,
      counts.rejected,
      counts.failed,
      counts.deleted,
    ]),
  );
}

export function exitCodeOf(outcome: FeedOutcome): number {
  switch (outcome) {
    case 'completed':
    case 'not available':
      return EXIT.done;
    case 'completed with failures':
      return EXIT.doneWithFailures;
    case 'cancelled':
    case 'failed':
      return EXIT.failed;
  }
}

/** @throws ExportError SDE10-03 for flags that do not fit together, SDE10-02 for unknown feeds. */
function resyncInput(flags: ResyncFlags): FullSyncInput {
  if ((flags.feed === undefined) === (flags.all !== true)) {
    throw new ExportError('SDE10-03', {
      message: 'Say which feeds: --feed <names>, or --all.',
    });
  }
  const checked = checkFullSyncInput({
    feeds:
      flags.feed === undefined ? 'all' : listOf(flags.feed).map((name) => feedNamed(name).name),
    noReindex: !flags.reindex,
    cleanupFeed: flags.cleanupFeed ?? flags.cleanup,
    dryRun: flags.dryRun,
    ids: flags.byIds === undefined ? undefined : listOf(flags.byIds),
    idType: flags.idType,
    force: flags.force,
    approveDeletions: flags.approveDeletions,
    threadCount: numberOf('--thread-count', flags.threadCount),
    batchSize: numberOf('--batch-size', flags.batchSize),
    requestedBy: userInfo().username,
    reason: flags.reason,
  });
  if (!checked.ok) throw new ExportError('SDE10-03', { message: checked.problems.join(' ') });
  return checked.value;
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function numberOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) {
    throw new ExportError('SDE10-03', { message: `${flag} takes a whole number, not “${text}”.` });
  }
  return Number(text);
}

function failedRun(error: WorkflowFailedError): ExportError {
  return new ExportError('SDE40-03', {
    message: causeOf(error.cause) ?? 'The full sync failed.',
    cause: error,
  });
}
