import { Argument, type Command } from 'commander';

import type { EstimateFlags } from './commands/estimate.js';
import type { ExplainFlags } from './commands/explain.js';
import type { ParityCheckFlags } from './commands/parity-check.js';
import type { StatusFlags } from './commands/status.js';
import type { VerifyFlags } from './commands/verify.js';
import type { Shell } from './completion/scripts.js';
import { examples, withConnectionFlags, type ConnectionFlags, type JsonFlag } from './edge.js';

/** The commands that look into the system, and those that compare and mend. */
export function addTools(program: Command): void {
  withConnectionFlags(
    program
      .command('status')
      .description('per feed: source, sent, failed, waiting, backlog, lag, running and last run')
      .option('--watch', 'again and again until Ctrl-C; with --json a line each time')
      .option('--interval <seconds>', 'seconds between two looks with --watch', '2')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('status', 'status --json', 'status --watch --interval 5')),
  ).action(async (options: StatusFlags) => (await import('./commands/status.js')).status(options));
  withConnectionFlags(
    program
      .command('explain')
      .description('one item: in the shop, as it was sent, at the service, and why')
      .argument('<feed>', 'name of the feed')
      .argument('<id>', 'SKU or another id of the feed, entity id, or feed id')
      .option('--id-type <type>', 'how to read the id (default: SKU first, then entity id)')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('explain products 24-MB01', 'explain categories 12 --json')),
  ).action(async (feed: string, id: string, options: ExplainFlags) =>
    (await import('./commands/explain.js')).explainItem(feed, id, options),
  );
  withConnectionFlags(
    program
      .command('estimate')
      .description('records, requests and time of a full sync of this shop, and what bounds it')
      .option('--feed <names>', 'feeds, separated by commas (default: all)')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('estimate', 'estimate --feed products,prices --json')),
  ).action(async (options: EstimateFlags) =>
    (await import('./commands/estimate.js')).estimate(options),
  );
  withConnectionFlags(
    program
      .command('doctor')
      .description('look at everything the exporter depends on; each finding with its cure')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('doctor', 'doctor --json')),
  ).action(async (options: ConnectionFlags & JsonFlag) =>
    (await import('./commands/doctor.js')).doctor(options),
  );
  const alerts = program.command('alerts').description('conditions people are told of');
  withConnectionFlags(
    alerts
      .command('check')
      .description('look now, also whether a worker runs, and tell what is new or over; for cron')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('alerts check', 'alerts check --json')),
  ).action(async (options: ConnectionFlags & JsonFlag) =>
    (await import('./commands/alerts.js')).alertsCheck(options),
  );
  withConnectionFlags(
    alerts
      .command('test')
      .description('send a message by each configured channel')
      .addHelpText('after', examples('alerts test')),
  ).action(async (options: ConnectionFlags) =>
    (await import('./commands/alerts.js')).alertsTest(options),
  );
  withConnectionFlags(
    program
      .command('verify')
      .description('compare the shop, what was sent, and the service; goes on where it stopped')
      .option('--feed <names>', 'feeds, separated by commas (default: all)')
      .option('--fix', 'queue what drifted, so that it is sent again or deleted')
      .option('--restart', 'begin anew, also where an earlier comparison was stopped')
      .option('--rows-per-second <n>', 'rows compared a second at most; 0 = no limit', '5000')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('verify', 'verify --feed prices --fix', 'verify --json')),
  ).action(async (options: VerifyFlags) => (await import('./commands/verify.js')).verify(options));
  withConnectionFlags(
    program
      .command('parity-check')
      .description("compare our items with the state of Adobe's module in the same shop")
      .option('--feed <names>', 'feeds, separated by commas (default: all)')
      .option('--json', 'print as JSON')
      .addHelpText('after', examples('parity-check', 'parity-check --feed products --json')),
  ).action(async (options: ParityCheckFlags) =>
    (await import('./commands/parity-check.js')).parity(options),
  );
  program
    .command('completion')
    .description('print a script that completes commands, options and feeds in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `${examples(
        'completion bash > ~/.local/share/bash-completion/completions/saas-export',
        'completion zsh > "${fpath[1]}/_saas-export"',
        'completion fish > ~/.config/fish/completions/saas-export.fish',
      )}
It completes the word saas-export. In a checkout, define
  saas-export() { npx --prefix <checkout> saas-export "$@"; }
`,
    )
    .action(async (shell: Shell) =>
      (await import('./commands/completion.js')).completion(shell, program),
    );
}
