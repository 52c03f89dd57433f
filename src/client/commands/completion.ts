import type { Command } from 'commander';

import { commandTree } from '../completion/command-tree.js';
import { completionScript, type Shell } from '../completion/scripts.js';

/** Prints the script that completes the program's words in a shell. */
export function completion(shell: Shell, program: Command): void {
  process.stdout.write(completionScript(shell, commandTree(program)));
}
