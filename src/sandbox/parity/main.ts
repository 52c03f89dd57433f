import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { firstSync, saveItems } from '../../client/commands/sandbox.js';
import { installStore } from '../../client/commands/install.js';
import { reportError } from '../../client/errors.js';
import { table } from '../../client/table.js';
import { ExportError } from '../../errors/export-error.js';
import { allFeeds, feedNamed } from '../../feeds/registry.js';
import { startSandbox } from '../sandbox.js';
import { stepPrinter } from '../servers/progress.js';
import { compareFeed, type Comparison } from './comparison.js';
import { parseLines, ReferenceFolder } from './reference-folder.js';

const USAGE =
  'npm run parity -- <folder> [--out DIR] [--feed names] [--table-prefix P] [--now time] [--min share]';

/**
 * Exports a reference folder's dump with the whole system, and compares what the service then holds
 * with what the reference exporter made of it.
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
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => signal.abort());

  const sandbox = await startSandbox({
    environment: process.env,
    dump: folder.dump,
    catalog: { products: 1 },
    tablePrefix: values['table-prefix'] ?? '',
    // Items are compared in the feed's own form.
    settings: {
      SERVICE_SCOPES_FORM: 'feed',
      ...(now === undefined ? {} : { EXPORTER_NOW: now }),
    },
    report: stepPrinter(process.stderr),
    signal: signal.signal,
    install: (databaseUrl) => installStore(databaseUrl, ''),
  });
  try {
    await firstSync(sandbox, signal.signal, feeds === undefined ? {} : { feeds });
    await saveItems(sandbox, join(out, 'full'));
  } finally {
    await sandbox.stop();
  }

  const comparisons = allFeeds()
    .filter((feed) => feeds === undefined || feeds.includes(feed.name))
    .flatMap((feed) => {
      const golden = folder.golden(feed.name);
      const held = parseLines(readFileSync(join(out, 'full', `${feed.name}.jsonl`), 'utf8'));
      return golden === undefined ? [] : [compareFeed(feed.name, golden, held)];
    });
  process.stdout.write(`${report(comparisons)}\n`);
  if (values.out === undefined) await rm(out, { recursive: true });
  const min = Number(values.min ?? 1);
  return comparisons.every(({ share }) => share >= min) ? 0 : 1;
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
