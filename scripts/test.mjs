/**
 * `npm test`: everything that tests need, then types, lint, format and the tests; with arguments
 * those tests alone. The last line is `N passed, N failed`, where a check counts when it fails.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runChecks } from './checks.mjs';
import { root, setUp } from './setup.mjs';
import { SetUpError } from './steps.mjs';

let counts = { passed: 0, failed: 1, skipped: 0 };
const args = process.argv.slice(2);
// Until the tests run, which have a way of their own to stop: half-made servers are removed.
const stop = new globalThis.AbortController();
const onSignal = () => stop.abort();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const name of signals) process.on(name, onSignal);
try {
  await setUp(process.stdout);
  await findServers();
  const failedChecks = args.length === 0 ? await runChecks(process.stdout, stop.signal) : 0;
  stop.signal.throwIfAborted();
  for (const name of signals) process.off(name, onSignal);
  counts = await runTests(args);
  counts.failed += failedChecks;
} catch (error) {
  if (stop.signal.aborted) console.error('Stopped.');
  else if (error instanceof SetUpError) console.error(error.message);
  else if ('cure' in error) console.error(`${error.message}\n${error.cure}`);
  else console.error(error);
}
const { passed, skipped } = counts;
// What fails outside of a test, such as the start of the servers, only sets the exit code.
const failed = counts.failed || (process.exitCode ? 1 : 0);
if (failed > 0) process.exitCode ||= 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit();

/** The servers are looked for now, so that a build of minutes is seen and is no test's delay. */
async function findServers() {
  const servers = pathToFileURL(join(root, 'dist', 'sandbox', 'servers', '/')).href;
  const { findMariaDb } = await import(`${servers}mariadb-binaries.js`);
  const { findTemporal } = await import(`${servers}temporal-binary.js`);
  const { stepPrinter } = await import(`${servers}progress.js`);
  const options = {
    environment: process.env,
    report: stepPrinter(process.stdout),
    signal: stop.signal,
  };
  await findMariaDb(options);
  await findTemporal(options);
}

async function runTests(args) {
  const { parseCLI, startVitest } = await import('vitest/node');
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  const vitest = await startVitest('test', filter, { ...options, root });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const module of vitest.state.getTestModules()) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'skipped' : state] += 1;
    }
    // A file that cannot be loaded, or a hook of a file or suite that fails, is in no test.
    const suites = [module, ...module.children.allSuites()];
    counts.failed += suites.filter((suite) => suite.errors().length > 0).length;
  }
  counts.failed += vitest.state.getUnhandledErrors().length;
  await vitest.close();
  return counts;
}
