import type { LauncherResult, PartialSyncResult } from '../../workflows/messages.js';
import { WORKFLOW } from '../../workflows/names.js';
import { makeRetriesDue } from '../../store/retries.js';
import { configurationFor, print } from '../edge.js';
import { EXIT, exitCodeOf } from '../errors.js';
import { chosenFeeds } from '../feed-choice.js';
import { launch, type LaunchFlags } from '../launch.js';
import { withStore } from '../store.js';
import { table as textTable } from '../table.js';

export interface SyncFlags extends LaunchFlags {
  readonly feed?: string;
}

/** Sends what has changed, now; the exit code tells the worst outcome. */
export async function sync(flags: SyncFlags): Promise<void> {
  const feeds = namesOf(flags);
  const result = await launch<PartialSyncResult>(
    flags,
    {
      workflowType: WORKFLOW.partialSync,
      name: 'sync',
      input: { feeds, listenSeconds: 0 },
      summary: `partial sync of ${textOf(feeds)}`,
      syncType: 'partial sync',
    },
    (client, id) => client.workflow.getHandle<Returns<PartialSyncResult>>(id).result(),
  );
  if (result === undefined) return;
  print(flags.json, result, () =>
    [
      `${result.changes} changes of the shop were taken.`,
      ...Object.entries(result.fullSyncs).map(
        ([feed, reason]) => `A full sync of ${feed} was started: ${reason}`,
      ),
      ...resultLines(result),
    ].join('\n'),
  );
  process.exitCode = launcherExitCode(result);
}

/** Sends failed items again, without waiting for the time of their next try. */
export async function retry(flags: SyncFlags): Promise<void> {
  const feeds = namesOf(flags);
  const { retryMaxAgeDays: maxAgeDays } = (await configurationFor(flags)).feeds;
  await withStore(flags, async (store) => {
    for (const { table } of chosenFeeds(flags.feed)) {
      await makeRetriesDue(store, table, { maxAgeDays });
    }
  });
  const result = await launch<LauncherResult>(
    flags,
    {
      workflowType: WORKFLOW.retryFailedItems,
      name: 'retry',
      input: { feeds },
      summary: `retry of failed items of ${textOf(feeds)}`,
      syncType: 'retry failed items',
    },
    (client, id) => client.workflow.getHandle<Returns<LauncherResult>>(id).result(),
  );
  if (result === undefined) return;
  print(flags.json, result, () => resultLines(result).join('\n'));
  process.exitCode = launcherExitCode(result);
}

type Returns<Result> = (input: unknown) => Promise<Result>;

function namesOf({ feed }: SyncFlags): readonly string[] | 'all' {
  return feed === undefined ? 'all' : chosenFeeds(feed).map(({ name }) => name);
}

function textOf(feeds: readonly string[] | 'all'): string {
  return feeds === 'all' ? 'all feeds' : feeds.join(', ');
}

function resultLines({ started, handedOver, settled }: LauncherResult): string[] {
  const open = started.filter((feed) => settled[feed] === undefined);
  const rows = Object.entries(settled).map(([feed, { outcome, counts }]) => [
    feed,
    outcome,
    counts.processed,
    counts.sent,
    counts.unchanged,
    counts.rejected,
    counts.failed,
    counts.deleted,
    counts.held,
  ]);
  const columns = ['entities', 'sent', 'unchanged', 'refused', 'failed', 'deleted', 'held'];
  return [
    ...(rows.length === 0 ? [] : [textTable(['feed', 'outcome', ...columns], rows)]),
    ...Object.values(settled)
      .filter(({ outcome }) => outcome !== 'completed')
      .map(({ sentence }) => sentence),
    ...(handedOver.length === 0
      ? []
      : [`Left to the run that works on the feed already: ${handedOver.join(', ')}.`]),
    ...(open.length === 0 ? [] : [`Still running: ${open.join(', ')}.`]),
    ...(started.length + handedOver.length === 0 ? ['There was nothing to do.'] : []),
  ];
}

/** The worst of the runs that ended. */
function launcherExitCode({ settled }: LauncherResult): number {
  const codes = Object.values(settled).map(({ outcome }) => exitCodeOf(outcome));
  if (codes.includes(EXIT.failed)) return EXIT.failed;
  return codes.includes(EXIT.doneWithFailures) ? EXIT.doneWithFailures : EXIT.done;
}
