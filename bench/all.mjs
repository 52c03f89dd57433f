/**
 * `npm run bench`: all benchmarks with their defaults, one after the other, some minutes in all; or
 * those named: `npm run bench -- latency budget`. Each says at its beginning what it measures, and
 * has options of its own (`node bench/latency.mjs --seconds 20`).
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BENCHMARKS = {
  latency: [['latency.mjs'], ['latency.mjs', '--requests-per-second', '2']],
  budget: [['budget.mjs']],
  'mass-import': [['mass-import.mjs']],
  triggers: [['trigger-cost.mjs']],
  'full-sync': [['full-sync.mjs']],
  ingestion: [['ingestion.mjs', '--private']],
  operator: [['operator.mjs']],
  collect: [['collect.mjs']],
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(BENCHMARKS).join(', ')}.`,
  );
  process.exit(2);
}
for (const name of names.length === 0 ? Object.keys(BENCHMARKS) : names) {
  for (const [file, ...options] of BENCHMARKS[name]) {
    console.log(`\n# ${[name, ...options].join(' ')}`);
    const code = await run([fileURLToPath(new URL(file, import.meta.url)), ...options]);
    if (code !== 0) process.exitCode = 1;
  }
}

function run(args) {
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', resolve));
}
