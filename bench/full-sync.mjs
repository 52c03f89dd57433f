/**
 * `npm run bench:full-sync`: a full sync of products through Temporal, HTTP and ingestion, without a
 * request budget: all items new, then twice unchanged. Worker, ingestion, Temporal and the database
 * share the machine, and the processor time of each is shown.
 *
 * Options: --products n (default 20000), --store-views n (default 4), --threads n (default 1),
 * --batch-size n (default: the feed's), --profile folder (V8 profiles of worker and ingestion).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { load, printConditions } from './conditions.mjs';
import { startSystem } from './system.mjs';

const { values: options } = parseArgs({
  options: {
    products: { type: 'string', default: '20000' },
    'store-views': { type: 'string', default: '4' },
    threads: { type: 'string', default: '1' },
    'batch-size': { type: 'string' },
    profile: { type: 'string' },
  },
});

const system = await startSystem({
  products: Number(options.products),
  storeViews: Number(options['store-views']),
  direct: true,
  settings:
    options.profile === undefined
      ? {}
      : {
          NODE_OPTIONS: `--import=${new URL('profile.mjs', import.meta.url).href}`,
          PROFILE_FOLDER: resolve(options.profile),
        },
});
try {
  await printConditions(system.settings.COMMERCE_DATABASE_URL);
  console.log(
    `${options.products} products in ${options['store-views']} store views; threads ${options.threads}; ` +
      `batches of ${options['batch-size'] ?? 'the feed’s size'}; no request budget`,
  );
  for (const what of ['all new', 'unchanged', 'unchanged']) {
    const before = processorSeconds();
    const from = performance.now();
    const { feeds } = await system.run('fullSync', {
      feeds: ['products'],
      threadCount: Number(options.threads),
      ...(options['batch-size'] === undefined ? {} : { batchSize: Number(options['batch-size']) }),
    });
    const seconds = (performance.now() - from) / 1000;
    const { counts, sentence } = feeds.products;
    const used = Object.entries(processorSeconds())
      .map(([name, after]) => `${name} ${(after - (before[name] ?? 0)).toFixed(1)} s`)
      .join(', ');
    console.log(
      `${what}: ${Math.round(counts.collected / seconds)} items/s, ${counts.collected} items in ` +
        `${seconds.toFixed(1)} s, ${counts.requests} requests; ${load()}\n  processor: ${used}\n  ${sentence}`,
    );
  }
} finally {
  await system.stop();
}

/** Processor time so far of this system's processes, by what they are. */
function processorSeconds() {
  const names = {
    mariadbd: 'database',
    temporal: 'Temporal',
    worker: 'worker',
    ingestion: 'ingestion',
  };
  const processes = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
          const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
          const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
          const seconds = (Number(fields[11]) + Number(fields[12])) / 100;
          return [[Number(pid), { parent: Number(fields[1]), command, seconds }]];
        } catch {
          return [];
        }
      }),
  );
  const isOurs = (pid) => {
    for (let at = processes.get(pid); at !== undefined; at = processes.get(at.parent)) {
      if (at.parent === process.pid) return true;
    }
    return false;
  };
  const found = {};
  for (const [pid, { command, seconds }] of processes) {
    const [, name] = Object.entries(names).find(([word]) => command.includes(word)) ?? [];
    if (name !== undefined && isOurs(pid)) found[name] = (found[name] ?? 0) + seconds;
  }
  return found;
}
