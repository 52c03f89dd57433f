import { Command, Option } from 'commander';

import { CODE_VERSION } from '../worker/version.js';
import type { DeletionsFlags, DeletionsListFlags } from './commands/deletions.js';
import type { HistoryFlags } from './commands/history.js';
import type { InstallFlags } from './commands/install.js';
import type { ItemsFlags } from './commands/items.js';
import type { OrdersEraseFlags } from './commands/orders-erase.js';
import type { OrdersLinkFlags } from './commands/orders-link.js';
import type { PreviewFlags } from './commands/preview.js';
import type { QuarantineItemFlags, QuarantineListFlags } from './commands/quarantine.js';
import type { SandboxFlags } from './commands/sandbox.js';
import type { PauseFlags, ResumeFlags } from './commands/schedules.js';
import type { UninstallFlags } from './commands/uninstall.js';
import { examples, withConnectionFlags, type ConnectionFlags, type JsonFlag } from './edge.js';
import { addSyncs } from './syncs.js';
import { addTools } from './tools.js';

/**
 * The command line. Each command's code is loaded when the command runs, so that `--help` and
 * `preview` do not wait for libraries they do not use.
 */
export function createProgram(): Command {
  const program = new Command('saas-export')
    .description('Exports an Adobe Commerce catalog as feeds to Commerce services, on Temporal.')
    .version(CODE_VERSION)
    .exitOverride()
    .showHelpAfterError();
  roles(program);
  addSyncs(program);
  looks(program);
  items(program);
  deletions(program);
  orders(program);
  schedules(program);
  addTools(program);
  return program;
}

function roles(program: Command): void {
  program
    .command('sandbox')
    .description('run the whole system on this machine, with a catalog to try it on')
    .option('--products <n>', 'products of the generated catalog', '500')
    .option('--store-views <n>', 'store views of the generated catalog', '4')
    .option('--websites <n>', 'websites of the generated catalog', '2')
    .addOption(
      new Option('--edition <form>', 'form of the generated catalog')
        .choices(['open-source', 'commerce'])
        .default('open-source'),
    )
    .option('--dump <file>', 'a Commerce dump (.sql or .sql.gz) instead of a generated catalog')
    .option('--table-prefix <prefix>', 'table prefix of the catalog', '')
    .option('--keep <dir>', 'keep databases and history there, so that a second start goes on')
    .option('--once', 'end after the first full sync, with its outcome as exit code')
    .option(
      '--items <dir>',
      'write what the service holds after the first sync to <dir>/<feed>.jsonl',
    )
    .addHelpText('after', examples('sandbox --products 20000 --store-views 4', 'sandbox --once'))
    .action(async (options: SandboxFlags) =>
      (await import('./commands/sandbox.js')).sandbox(options),
    );
  withConnectionFlags(
    program
      .command('worker')
      .description('run workflows and activities')
      .addHelpText('after', examples('worker')),
  ).action(async (options: ConnectionFlags) =>
    (await import('./commands/worker.js')).worker(options),
  );
  program
    .command('ingestion')
    .description('run the Commerce service: take, check and keep feeds')
    .addHelpText('after', examples('ingestion'))
    .action(async () => (await import('./commands/ingestion.js')).ingestion());
  withConnectionFlags(
    program
      .command('install')
      .description("create or upgrade the exporter's own tables, and the triggers in the shop")
      .option('--print', 'print the SQL for a database administrator, and do nothing')
      .option('--adopt', "take over the state of Adobe's module in the same shop")
      .addHelpText(
        'after',
        examples('install', 'install --print > install.sql', 'install --adopt'),
      ),
  ).action(async (options: InstallFlags) =>
    (await import('./commands/install.js')).install(options),
  );
  withConnectionFlags(
    program
      .command('uninstall')
      .description("remove triggers, changelog and the exporter's own tables")
      .option('--yes', 'do not ask')
      .option('--print', 'print the SQL for a database administrator, and do nothing')
      .addHelpText('after', examples('uninstall', 'uninstall --print', 'uninstall --yes')),
  ).action(async (options: UninstallFlags) =>
    (await import('./commands/uninstall.js')).uninstall(options),
  );
}

function looks(program: Command): void {
  withConnectionFlags(
    program
      .command('history')
      .description('the audit: who ran what, why, and what came of it')
      .argument('[run]', 'number of a run, in full; or a workflow ID, for all runs of or by it')
      .option('--feed <names>', 'only these feeds, separated by commas')
      .option('--since <time>', 'only runs since then: 2026-11-01, an RFC 3339 time, 90m, 24h, 7d')
      .option('--outcome <outcomes>', 'only these outcomes, separated by commas; or running')
      .option('--limit <n>', 'how many, newest first', '20')
      .option('--json', 'print as JSON')
      .option('--csv', 'print as CSV')
      .addHelpText(
        'after',
        examples(
          'history --feed products --since 7d --outcome failed,terminated',
          'history 42',
          'history --since 2026-11-01 --limit 10000 --csv > runs.csv',
        ),
      ),
  ).action(async (run: string | undefined, options: HistoryFlags) =>
    (await import('./commands/history.js')).history(run, options),
  );
  program
    .command('feeds')
    .description('the feeds, in the order of a full sync')
    .option('--json', 'print as JSON')
    .addHelpText('after', examples('feeds'))
    .action(async (options: JsonFlag) => (await import('./commands/feeds.js')).feeds(options));
  const config = program.command('config').description('the configuration');
  withConnectionFlags(
    config
      .command('show')
      .description('every setting with its value and origin; secrets are masked')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('config show')),
  ).action(async (options: ConnectionFlags & JsonFlag) =>
    (await import('./commands/config-show.js')).configShow(options),
  );
  withConnectionFlags(
    program
      .command('preview')
      .description('build the items of a feed from a database, and print them')
      .argument('<feed>', 'name of the feed')
      .option('--ids <ids>', 'only these source entity ids, separated by commas')
      .option('--by-ids <ids>', 'only these entities, separated by commas')
      .option('--id-type <type>', 'how to read --by-ids (default: sku where the feed has SKUs)')
      .option('--now <time>', 'take this RFC 3339 time for the present')
      .option('--out <file>', 'write to a file instead of standard output')
      .option('--mask', 'mask personal data of orders')
      .option('--stats', 'print figures as one JSON line to standard error at the end')
      .addHelpText(
        'after',
        examples(
          'preview products --by-ids 24-MB01 --database-url mysql://root@127.0.0.1/shop',
          'preview prices --out prices.jsonl --stats',
        ),
      ),
  ).action(async (feed: string, options: PreviewFlags) =>
    (await import('./commands/preview.js')).preview(feed, options),
  );
}

function items(program: Command): void {
  withConnectionFlags(
    program
      .command('items')
      .description('items of a feed by status, with what is wrong with them')
      .requiredOption('--feed <name>', 'the feed')
      .option(
        '--status <status>',
        'only these: waiting, failed, retry, sent, refused, deleted, missing',
      )
      .option('--limit <n>', 'at most so many', '50')
      .option('--json', 'print as JSON')
      .addHelpText(
        'after',
        examples('items --feed products --status retry', 'items --feed prices --json'),
      ),
  ).action(async (options: ItemsFlags) => (await import('./commands/items.js')).items(options));
  const quarantine = program.command('quarantine').description('items that the service refuses');
  withConnectionFlags(
    quarantine
      .command('list')
      .description('what is in quarantine, with the answers of the service')
      .option('--feed <names>', 'only these feeds, separated by commas')
      .option('--ignored', 'also those that are ignored')
      .option('--limit <n>', 'at most so many', '50')
      .option('--json', 'print as JSON, with payloads')
      .addHelpText('after', examples('quarantine list', 'quarantine list --feed products --json')),
  ).action(async (options: QuarantineListFlags) =>
    (await import('./commands/quarantine.js')).quarantineList(options),
  );
  withConnectionFlags(
    quarantine
      .command('replay')
      .description('send items again although their content is the same')
      .argument('[feed-ids...]', 'the items, as `quarantine list` prints them')
      .requiredOption('--feed <name>', 'their feed')
      .option('--all', 'all of the feed')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('quarantine replay --feed products --all')),
  ).action(async (feedIds: string[], options: QuarantineItemFlags) =>
    (await import('./commands/quarantine.js')).quarantineReplay(feedIds, options),
  );
  withConnectionFlags(
    quarantine
      .command('ignore')
      .description('take items off the list until their content changes')
      .argument('[feed-ids...]', 'the items, as `quarantine list` prints them')
      .requiredOption('--feed <name>', 'their feed')
      .option('--all', 'all of the feed')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('quarantine ignore --feed products --all')),
  ).action(async (feedIds: string[], options: QuarantineItemFlags) =>
    (await import('./commands/quarantine.js')).quarantineIgnore(feedIds, options),
  );
}

function deletions(program: Command): void {
  const group = program
    .command('deletions')
    .description('deletions that are so many that somebody has to look at them');
  withConnectionFlags(
    group
      .command('list')
      .description('what is held, since when, and by which run')
      .option('--feed <names>', 'only these feeds, separated by commas')
      .option('--limit <n>', 'items shown of each feed, at most', '3')
      .option('--json', 'print as JSON, with the items')
      .addHelpText('after', examples('deletions list', 'deletions list --limit 1000 --json')),
  ).action(async (options: DeletionsListFlags) =>
    (await import('./commands/deletions.js')).deletionsList(options),
  );
  withConnectionFlags(
    group
      .command('release')
      .description('send them after all, as far as they still hold')
      .requiredOption('--feed <name>', 'their feed')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('deletions release --feed products')),
  ).action(async (options: DeletionsFlags) =>
    (await import('./commands/deletions.js')).deletionsRelease(options),
  );
  withConnectionFlags(
    group
      .command('drop')
      .description('forget them: the service keeps the items')
      .requiredOption('--feed <name>', 'their feed')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('deletions drop --feed products')),
  ).action(async (options: DeletionsFlags) =>
    (await import('./commands/deletions.js')).deletionsDrop(options),
  );
}

function orders(program: Command): void {
  const group = program.command('orders').description('identifiers and personal data of orders');
  withConnectionFlags(
    group
      .command('link')
      .description('give UUIDs to orders that have none, so that they are exported, and queue them')
      .option('-s, --state <state>', 'only orders of this state, such as complete')
      .option('-f, --from <time>', 'only orders placed from then on (UTC)')
      .option('-t, --to <time>', 'only orders placed until then (UTC); a date is its first second')
      .option('-b, --batch-size <n>', 'orders linked at once', '10000')
      .option('--json', 'print as JSON')
      .addHelpText(
        'after',
        examples(
          'orders link --state complete --from 2026-01-01',
          'orders link --from "2026-11-01 00:00:00" --to 2026-12-01 --json',
        ),
      ),
  ).action(async (options: OrdersLinkFlags) =>
    (await import('./commands/orders-link.js')).ordersLink(options),
  );
  withConnectionFlags(
    group
      .command('erase')
      .description("remove what the exporter keeps of a customer's orders")
      .option('--customer-id <n>', 'the customer, by id in Commerce')
      .option('--email <address>', 'the customer, by the e-mail address of the orders')
      .option('--dry-run', 'only say what would be removed')
      .option('--json', 'print as JSON')
      .addHelpText(
        'after',
        examples('orders erase --customer-id 42', 'orders erase --email jane@example.com --json'),
      ),
  ).action(async (options: OrdersEraseFlags) =>
    (await import('./commands/orders-erase.js')).ordersErase(options),
  );
}

function schedules(program: Command): void {
  const group = program
    .command('schedules')
    .description('what Temporal starts by itself, and when');
  withConnectionFlags(
    group
      .command('plan')
      .description("compare the declared schedules with the server's; change nothing")
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('schedules plan', 'schedules plan --json')),
  ).action(async (options: ConnectionFlags & JsonFlag) =>
    (await import('./commands/schedules.js')).schedulesPlan(options),
  );
  withConnectionFlags(
    group
      .command('apply')
      .description("make the server's schedules as declared; pauses stay")
      .option('--json', 'print what was done as JSON')
      .addHelpText('after', examples('schedules apply')),
  ).action(async (options: ConnectionFlags & JsonFlag) =>
    (await import('./commands/schedules.js')).schedulesApply(options),
  );
  withConnectionFlags(
    group
      .command('pause')
      .description('start nothing more; what is running goes on')
      .requiredOption('--reason <text>', 'why, for the note of the schedule')
      .option('--schedule <name>', 'only this one, such as partial-sync')
      .option('--json', 'print as JSON')
      .addHelpText(
        'after',
        examples(
          'schedules pause --reason "shop is being migrated"',
          'schedules pause --schedule retry-failed --reason "the service is down"',
        ),
      ),
  ).action(async (options: PauseFlags) =>
    (await import('./commands/schedules.js')).schedulesPause(options),
  );
  withConnectionFlags(
    group
      .command('resume')
      .description('start again what was paused')
      .option('--schedule <name>', 'only this one')
      .option('--json', 'print as JSON')
      .addHelpText(
        'after',
        examples('schedules resume', 'schedules resume --schedule retry-failed'),
      ),
  ).action(async (options: ResumeFlags) =>
    (await import('./commands/schedules.js')).schedulesResume(options),
  );
}
