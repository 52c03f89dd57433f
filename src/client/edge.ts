import type { Command } from 'commander';

import type { Configuration } from '../configuration/configuration.js';
import { loadConfiguration, type LoadOptions } from '../configuration/load.js';
import type { SettingName } from '../configuration/settings.js';
import { withDeployedPrefix } from '../worker/shop-options.js';

/** Connection flags that every command takes; they win over the configuration. */
export interface ConnectionFlags {
  readonly databaseUrl?: string;
  readonly tablePrefix?: string;
  readonly storeUrl?: string;
}

export interface JsonFlag {
  readonly json?: boolean;
}

/** Adds the connection flags to a command. */
export function withConnectionFlags(command: Command): Command {
  return command
    .option('--database-url <url>', 'Commerce database, instead of COMMERCE_DATABASE_URL')
    .option('--table-prefix <prefix>', 'its table prefix, instead of COMMERCE_TABLE_PREFIX')
    .option('--store-url <url>', "the exporter's own database, instead of EXPORT_DATABASE_URL");
}

/**
 * The configuration of this process, with the flags of one command.
 *
 * @param required settings that the command cannot do without.
 * @throws ExportError SDE10-01 with all that is wrong or missing.
 */
export async function configurationFor(
  flags: ConnectionFlags,
  required: readonly SettingName[] = [],
): Promise<Configuration> {
  return withDeployedPrefix(await loadConfiguration({ ...loadOptions(flags), required }));
}

/** What this process's configuration is read from. */
export function loadOptions(flags: ConnectionFlags): LoadOptions {
  return {
    environment: process.env,
    workingDirectory: process.cwd(),
    terminal: process.stderr.isTTY,
    flags: {
      ...(flags.databaseUrl === undefined ? {} : { COMMERCE_DATABASE_URL: flags.databaseUrl }),
      ...(flags.tablePrefix === undefined ? {} : { COMMERCE_TABLE_PREFIX: flags.tablePrefix }),
      ...(flags.storeUrl === undefined ? {} : { EXPORT_DATABASE_URL: flags.storeUrl }),
    },
  };
}

/** Prints a document as JSON, or a text for people. */
export function print(json: boolean | undefined, document: unknown, text: () => string): void {
  process.stdout.write(json === true ? `${JSON.stringify(document, null, 2)}\n` : `${text()}\n`);
}

const stopping = new Set<AbortController>();

/** Aborts at Ctrl-C, SIGTERM and when the terminal is closed. A signal that comes again changes nothing: the stop is under way. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  stopping.add(controller);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Under npm, Ctrl-C arrives twice: from the terminal and passed on.
    process.on(signal, () => controller.abort(signal));
  }
  return controller.signal;
}

/**
 * Ends the command when nobody reads its output any more, as after `… | head -1` or when the
 * terminal is gone; one that has something to stop is stopped.
 */
export function endWithoutReader(output: NodeJS.WriteStream): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    if (stopping.size === 0) process.exit();
    for (const controller of stopping) controller.abort(error);
  });
}

/** The examples at the end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ npx saas-export ${line}`).join('\n')}\n`;
}
