import { userInfo } from 'node:os';

import { ExportError } from '../../errors/export-error.js';
import { feedNamed } from '../../feeds/registry.js';
import { checkFullSyncInput } from '../../workflows/input.js';
import type { FullSyncInput, FullSyncResult } from '../../workflows/messages.js';
import { WORKFLOW } from '../../workflows/names.js';
import { print } from '../edge.js';
import { exitCodeOf } from '../errors.js';
import { followFullSync, ProgressBars } from '../follow.js';
import { launch, type LaunchFlags } from '../launch.js';
import { table } from '../table.js';

export interface ResyncFlags extends LaunchFlags {
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
}

/** Starts a full sync and follows it; the exit code tells its outcome. */
export async function resync(flags: ResyncFlags): Promise<void> {
  const input = resyncInput(flags);
  if (flags.continueResync === true) {
    process.stderr.write('--continue-resync is not needed: runs resume by themselves.\n');
  }
  const showBars = flags.json !== true && process.stdout.isTTY;
  const result = await launch<FullSyncResult>(
    flags,
    {
      workflowType: WORKFLOW.fullSync,
      name: 'resync',
      input: { ...input },
      summary: `full sync of ${input.feeds === 'all' ? 'all feeds' : String(input.feeds)}`,
      syncType: 'full sync',
    },
    (client, workflowId, signal) =>
      followFullSync(client, workflowId, showBars ? new ProgressBars() : undefined, signal),
  );
  if (result === undefined) return;
  print(flags.json, result, () => resultTable(result));
  process.exitCode = exitCodeOf(result.outcome);
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
    [
      'feed',
      'outcome',
      'entities',
      'items',
      'sent',
      'unchanged',
      'refused',
      'failed',
      'deleted',
      'held',
    ],
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
      counts.held,
    ]),
  );
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
