/** `npm start`: everything that is needed, then the sandbox in this process. */
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';
import { SetUpError } from './steps.mjs';

try {
  await setUp(process.stdout);
  const program = new URL('../bin/saas-export.mjs', import.meta.url);
  process.argv.splice(1, 1, fileURLToPath(program), 'sandbox');
  await import(program.href);
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
