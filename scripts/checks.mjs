/** Types, lint and format of all files: `npm run check`, as steps of `npm test`. */
import { npm, run } from './setup.mjs';
import { SetUpError, step } from './steps.mjs';

/** Two at a time, for two cores: lint takes about as long as the others together. */
const LANES = [
  [
    ['Types', 'typecheck'],
    ['Format', 'format:check'],
  ],
  [['Lint', 'lint']],
];

/** Runs all checks and prints what those that fail say; returns how many failed. */
export async function runChecks(stream, signal) {
  // Steps at the same time cannot share the line that counts up on a terminal.
  const lines = { write: (text) => stream.write(text) };
  stream.write('Checking types, lint and format …\n');
  const failed = await Promise.all(LANES.map((lane) => runLane(lane, lines, signal)));
  return failed.reduce((sum, count) => sum + count, 0);
}

async function runLane(checks, stream, signal) {
  let failed = 0;
  for (const [name, script] of checks) {
    try {
      const command = [...npm, 'run', '--silent', script];
      await step(stream, name, () => run(command, `${name}: \`npm run ${script}\` fails`, signal));
    } catch (error) {
      if (!(error instanceof SetUpError)) throw error;
      stream.write(`${error.message}\n`);
      failed += 1;
    }
  }
  return failed;
}
