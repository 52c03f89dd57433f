import { mkdir } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { ExportError } from '../../errors/export-error.js';
import { allFeeds } from '../../feeds/registry.js';
import { stepPrinter } from '../../sandbox/servers/progress.js';
import { heldItems } from '../../sandbox/held-items.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { WORKFLOW } from '../../workflows/names.js';
import type { FullSyncInput, FullSyncResult } from '../../workflows/messages.js';
import { stopSignal } from '../edge.js';
import { EXIT, exitCodeOf } from '../errors.js';
import { followFullSync, ProgressBars } from '../follow.js';
import { connectTemporal } from '../temporal.js';
import { installAll } from './install.js';
import { resultTable } from './resync.js';

export interface SandboxFlags {
  readonly products: string;
  readonly storeViews: string;
  readonly websites: string;
  readonly edition: 'open-source' | 'commerce';
  readonly dump?: string;
  readonly tablePrefix: string;
  readonly keep?: string;
  readonly once?: boolean;
  readonly items?: string;
}

/** Runs the whole system on this machine until Ctrl-C, or until the first sync has ended. */
export async function sandbox(flags: SandboxFlags): Promise<void> {
  const signal = stopSignal();
  const options = {
    environment: process.env,
    ...(flags.dump === undefined ? {} : { dump: flags.dump }),
    ...(flags.keep === undefined ? {} : { keep: flags.keep }),
    catalog: {
      products: wholeNumber('--products', flags.products),
      storeViews: wholeNumber('--store-views', flags.storeViews),
      websites: wholeNumber('--websites', flags.websites),
      edition: flags.edition,
      now: new Date(),
    },
    tablePrefix: flags.tablePrefix,
    settings: {
      SERVICE_SCOPES_FORM: 'feed',
      // The first sync is started below, and followed.
      INITIAL_SYNC: 'off',
      ...(flags.once === true ? {} : { APPLY_SCHEDULES: '1' }),
    },
    report: stepPrinter(process.stderr),
    signal,
    install: installAll,
  };
  let running: Sandbox | undefined;
  // Nothing else keeps this process alive while it waits: the servers' pipes do not.
  const waiting = setInterval(() => undefined, 60_000);
  try {
    running = await startSandbox(options);
    const result = await firstSync(running, signal);
    process.stdout.write(`\n${resultTable(result)}\n`);
    if (flags.items !== undefined) await saveItems(running, flags.items);
    if (flags.once === true) {
      process.exitCode = exitCodeOf(result.outcome);
      return;
    }
    process.stdout.write(addresses(running));
    const stopped = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const broken = await Promise.race([running.broken, stopped]);
    if (broken !== undefined) {
      throw new ExportError('SDE50-03', {
        message: `${broken} has ended by itself.`,
        cure: `Read its log in ${running.directory}.`,
      });
    }
  } catch (error) {
    // Ctrl-C is how a sandbox ends.
    if (!signal.aborted) throw error;
    if (flags.once === true) process.exitCode = EXIT.failed;
  } finally {
    clearInterval(waiting);
    await running?.stop();
  }
}

/** Runs a full sync in the sandbox and follows it. */
export async function firstSync(
  { settings, temporal }: Sandbox,
  signal: AbortSignal,
  input: FullSyncInput = {},
): Promise<FullSyncResult> {
  const { EXPORT_INSTANCE: instance = '' } = settings;
  const client = await connectTemporal(temporal);
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
  stopped.catch(() => undefined);
  try {
    const { workflowId } = await client.workflow.start(WORKFLOW.fullSync, {
      workflowId: `${instance === '' ? '' : `${instance}-`}first-sync-${Date.now()}`,
      taskQueue: settings['TEMPORAL_TASK_QUEUE'] ?? '',
      args: [{ ...input, requestedBy: 'sandbox', reason: 'first sync of the sandbox' }],
    });
    const bars = process.stdout.isTTY ? new ProgressBars() : undefined;
    return await Promise.race([followFullSync(client, workflowId, bars), stopped]);
  } finally {
    await client.connection.close();
  }
}

/** Writes what the service holds of each feed, as it was received. */
export async function saveItems(sandbox: Sandbox, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name } of allFeeds()) {
    const items = await heldItems(sandbox, name);
    await pipeline(items, createWriteStream(join(folder, `${name}.jsonl`)));
  }
}

function addresses({ temporalUi, serviceUrl, directory }: Sandbox): string {
  return [
    '',
    ...(temporalUi === undefined ? [] : [`Temporal UI        ${temporalUi}`]),
    `Ingestion service  ${serviceUrl}`,
    `Logs               ${directory}`,
    '',
    'Commands reach the sandbox with its settings:',
    `  set -a; . ${directory}/sandbox.env; set +a`,
    '  npx saas-export status',
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function wholeNumber(flag: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new ExportError('SDE10-03', { message: `${flag} takes a whole number, not “${text}”.` });
}
