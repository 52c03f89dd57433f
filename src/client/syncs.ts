import { Option, type Command } from 'commander';

import type { ResyncFlags } from './commands/resync.js';
import type { PauseRunsFlags, SteerFlags } from './commands/steer.js';
import type { SyncFlags } from './commands/sync.js';
import { examples, withConnectionFlags } from './edge.js';

/** The commands that start runs, and those that stop them. */
export function addSyncs(program: Command): void {
  withConnectionFlags(
    program
      .command('resync')
      .description('full sync of feeds, followed until it ends')
      .option('--feed <names>', 'feeds, separated by commas')
      .option('--all', 'all feeds')
      .option(
        '--no-reindex',
        'collect nothing, send what is stored; immediate feeds collect, unless PERSIST_EXPORTED_FEED is on',
      )
      .option('--cleanup-feed', 'all items count as never sent')
      .addOption(new Option('--cleanup', 'the same').hideHelp())
      .option('--dry-run', 'collect and compare, but send nothing and store nothing')
      .option('--by-ids <ids>', 'only these entities, separated by commas')
      .option('--id-type <type>', 'how to read --by-ids: sku, productId, …')
      .option('--force', 'send everything, also what the service has already')
      .option('--thread-count <n>', 'segments exported at the same time')
      .option('--batch-size <n>', 'items in a request')
      .option('--continue-resync', 'not needed: runs resume by themselves')
      .option('--reason <text>', 'why, for the audit')
      .option(
        '--approve-deletions',
        'send deletions however many they are, also those that are held',
      )
      .option('--detach', 'do not wait for the end')
      .option('--json', 'print the result as JSON')
      .addHelpText(
        'after',
        examples(
          'resync --all',
          'resync --feed products --by-ids 24-MB01,24-MB04',
          'resync --feed products,productAttributes --dry-run',
          'resync --feed products --approve-deletions --reason "we sold the department"',
        ),
      ),
  ).action(async (options: ResyncFlags) => (await import('./commands/resync.js')).resync(options));
  withConnectionFlags(
    program
      .command('sync')
      .description('partial sync: send what has changed, now')
      .option('--feed <names>', 'feeds, separated by commas (default: all)')
      .option('--detach', 'do not wait for the end')
      .option('--json', 'print the result as JSON')
      .addHelpText('after', examples('sync', 'sync --feed prices,products')),
  ).action(async (options: SyncFlags) => (await import('./commands/sync.js')).sync(options));
  withConnectionFlags(
    program
      .command('retry')
      .description('send items again that the service could not take, now')
      .option('--feed <names>', 'feeds, separated by commas (default: all)')
      .option('--detach', 'do not wait for the end')
      .option('--json', 'print the result as JSON')
      .addHelpText('after', examples('retry', 'retry --feed products')),
  ).action(async (options: SyncFlags) => (await import('./commands/sync.js')).retry(options));
  withConnectionFlags(
    program
      .command('pause')
      .description('stop runs where they are; with --all also the schedules, so nothing starts')
      .option('--feed <names>', 'runs of these feeds, separated by commas')
      .option('--all', 'all runs and all schedules')
      .requiredOption('--reason <text>', 'why; people who look at the run read it')
      .option('--json', 'print as JSON')
      .addHelpText(
        'after',
        examples(
          'pause --all --reason "database maintenance"',
          'pause --feed prices --reason sale',
        ),
      ),
  ).action(async (options: PauseRunsFlags) =>
    (await import('./commands/steer.js')).pauseRuns(options),
  );
  withConnectionFlags(
    program
      .command('resume')
      .description('let paused runs go on where they stopped; with --all also the schedules')
      .option('--feed <names>', 'runs of these feeds, separated by commas')
      .option('--all', 'all runs and all schedules')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('resume --all', 'resume --feed prices')),
  ).action(async (options: SteerFlags) =>
    (await import('./commands/steer.js')).resumeRuns(options),
  );
  withConnectionFlags(
    program
      .command('cancel')
      .description('end runs; pages under way are finished, and the next run goes on from there')
      .option('--feed <names>', 'runs of these feeds, separated by commas')
      .option('--all', 'all runs')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('cancel --feed products', 'cancel --all')),
  ).action(async (options: SteerFlags) =>
    (await import('./commands/steer.js')).cancelRuns(options),
  );
}
