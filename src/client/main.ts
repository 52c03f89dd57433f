import { CommanderError } from 'commander';

import { endWithoutReader } from './edge.js';
import { EXIT, reportError } from './errors.js';
import { createProgram } from './program.js';

/** Runs the program with the arguments of the process. */
export async function main(): Promise<void> {
  endWithoutReader(process.stdout);
  endWithoutReader(process.stderr);
  try {
    await createProgram().parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    } else {
      process.exitCode = reportError(error);
    }
  }
}

await main();
