/** `npm run build`: dist/ with the compiled program and the workflow bundle. */
import { setUp } from './setup.mjs';
import { SetUpError } from './steps.mjs';

try {
  await setUp(process.stdout);
} catch (error) {
  console.error(error instanceof SetUpError ? error.message : error);
  process.exitCode = 1;
}
