/**
 * `npm run fuzz:ingestion -- [requests] [seed]`: random and mutated requests to the ingestion
 * service, 100,000 by default: half of them to one that asks for a key alone, half to one that checks
 * signatures and tokens. Nothing may fail it, hang, get round its checks, or leave rubbish in its
 * tables.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './setup.mjs';

const [requests = '100000', seed = '1'] = process.argv.slice(2);
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', 'src/ingestion/fuzz.test.ts', '--reporter=verbose'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, FUZZ_REQUESTS: requests, FUZZ_SEED: seed },
  },
);
process.exitCode = status ?? 1;
