import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { installAll } from '../../client/commands/install.js';
import { firstSync, saveItems } from '../../client/commands/sandbox.js';
import { reportError } from '../../client/errors.js';
import { table } from '../../client/table.js';
import { connectTemporal } from '../../client/temporal.js';
import { ExportError } from '../../errors/export-error.js';
import { allFeeds, feedNamed } from '../../feeds/registry.js';
import { startSandbox } from '../sandbox.js';
import { stepPrinter } from '../servers/progress.js';
import { compareFeed, type Comparison } from './comparison.js';
import { partialSteps } from './partial-steps.js';
import { startRecordingProxy, type RecordingProxy } from './recording-proxy.js';
import { parseLines, ReferenceFolder } from './reference-folder.js';
import { runSteps, stepTable, type StepResult } from './steps.js';

const USAGE =
  'npm run parity -- <folder> [--out DIR] [--feed names] [--steps 1-20] [--table-prefix P] [--now time] [--min share]';

/**
 * Exports a reference folder's dump with the whole system, and compares what the service then holds
 * with what the reference exporter made of it; then applies its changes one by one, and compares
 * what partial syncs send.
 */
async function parity(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args);
  const [path] = positionals;
  if (path === undefined) throw new ExportError('SDE10-03', { message: `Usage: ${USAGE}` });
  const folder = new ReferenceFolder(resolve(path));
  const feeds = values.feed?.split(',').map((name) => feedNamed(name.trim()).name);
  const now = values.now ?? folder.exportedAt()?.toISOString();
  const out = values.out ?? (await mkdtemp(join(tmpdir(), 'saas-export-parity-')));
  const signal = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => signal.abort());

  const steps = partialSteps(folder.path).filter(wantedSteps(values.steps));
  let proxy: RecordingProxy | undefined;
  let results: StepResult[] = [];
  const sandbox = await startSandbox({
    environment: process.env,
    dump: folder.dump,
    catalog: { products: 1 },
    tablePrefix: values['table-prefix'] ?? '',
    settings: {
      // Items are compared in the feed's own form.
      SERVICE_SCOPES_FORM: 'feed',
      INITIAL_SYNC: 'off',
      ...(now === undefined ? {} : { EXPORTER_NOW: now }),
    },
    report: stepPrinter(process.stderr),
    signal: signal.signal,
    install: installAll,
    beforeService: async (serviceUrl) => {
      proxy = await startRecordingProxy(serviceUrl);
      return proxy.url;
    },
  });
  try {
    await firstSync(sandbox, signal.signal, feeds === undefined ? {} : { feeds });
    await saveItems(sandbox, join(out, 'full'));
    if (steps.length > 0 && proxy !== undefined) {
      const client = await connectTemporal(sandbox.temporal);
      const clock = (): Date => (now === undefined ? new Date() : new Date(now));
      results = await runSteps({
        sandbox,
        client,
        proxy,
        steps,
        clock,
        folder: join(out, 'partial'),
        feeds: allFeeds().filter(({ name }) => feeds?.includes(name) ?? true),
        say: (sentence) => process.stderr.write(`${sentence}\n`),
      });
      await client.connection.close();
    }
  } finally {
    await sandbox.stop();
    await proxy?.close();
  }

  const comparisons = allFeeds()
    .filter((feed) => feeds === undefined || feeds.includes(feed.name))
    .flatMap((feed) => {
      const golden = folder.golden(feed.name);
      const held = parseLines(readFileSync(join(out, 'full', `${feed.name}.jsonl`), 'utf8'));
      return golden === undefined ? [] : [compareFeed(feed.name, golden, held)];
    });
  process.stdout.write(`${report(comparisons)}\n`);
  if (results.length > 0) process.stdout.write(`${stepTable(results)}\n`);
  if (values.out === undefined) await rm(out, { recursive: true });
  const min = Number(values.min ?? 1);
  const good =
    comparisons.every(({ share }) => share >= min) && results.every((result) => result.isGood);
  return good ? 0 : 1;
}

/** `1-20`, `7`, `3,5-9`. */
function wantedSteps(text: string | undefined): (step: { readonly number: number }) => boolean {
  if (text === undefined) return () => true;
  const ranges = text.split(',').map((part) => {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (first === undefined) {
      throw new ExportError('SDE10-03', { message: `--steps takes 1-20 or 7, not “${text}”.` });
    }
    return [Number(first), Number(last ?? first)] as const;
  });
  // Steps build on one another: all up to the last one are applied.
  const last = Math.max(...ranges.map(([, to]) => to));
  return ({ number }) => number <= last;
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        feed: { type: 'string' },
        'table-prefix': { type: 'string' },
        steps: { type: 'string' },
        now: { type: 'string' },
        min: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new ExportError('SDE10-03', { message: `Usage: ${USAGE}`, cause });
  }
}

function report(comparisons: readonly Comparison[]): string {
  const lines = comparisons.flatMap(({ feed, accepted, paths }) => [
    ...paths.map(
      ({ name, items, example }) => `  ${feed} ${name}: ${items} items, e.g. ${example}`,
    ),
    ...accepted.map(
      ({ name, items, example }) =>
        `  ${feed}, documented: ${name}: ${items} items, e.g. ${example}`,
    ),
  ]);
  return [
    table(
      ['feed', 'reference', 'equal', 'documented', 'different', 'missing', 'extra', 'share'],
      comparisons.map((each) => [
        each.feed,
        each.reference,
        each.equal,
        each.documented,
        each.different,
        each.missing,
        each.extra,
        `${(each.share * 100).toFixed(2)} %`,
      ]),
    ),
    ...lines,
  ].join('\n');
}

try {
  process.exitCode = await parity(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportError(error);
}
