/**
 * `npm run soak -- [--runs n] [--seed n] [--minutes n]`: random changes of a shop, thousands of runs
 * (2,000 by default), each of which has to end with everything at the service. The seed is printed.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './setup.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, minutes: { type: 'string' } },
});
const wrong = Object.entries(values).filter(([, value]) => !/^\d+$/.test(value));
if (wrong.length > 0) {
  console.error(`--${wrong[0][0]} takes a whole number, not “${wrong[0][1]}”.`);
  process.exit(2);
}
const seed = values.seed ?? String(Date.now() % 1_000_000);
const minutes = values.minutes ?? '600';
const runs = values.runs ?? (values.minutes === undefined ? '2000' : '1000000');
console.log(`seed ${seed}`);
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', 'test/random-changes.test.ts', '--reporter=verbose'],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      RANDOM_CHANGES_RUNS: runs,
      RANDOM_CHANGES_SEED: seed,
      RANDOM_CHANGES_MINUTES: minutes,
    },
  },
);
process.exitCode = status ?? 1;
