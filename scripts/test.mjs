/** `npm test`: everything that tests need, then the tests. The last line is `N passed, N failed`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setUp } from './setup.mjs';
import { SetUpError } from './steps.mjs';

let counts = { passed: 0, failed: 1, skipped: 0 };
try {
  await setUp(process.stdout);
  await findServers();
  counts = await runTests(process.argv.slice(2));
} catch (error) {
  if (error instanceof SetUpError) console.error(error.message);
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
  const options = { environment: process.env, report: stepPrinter(process.stdout) };
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
