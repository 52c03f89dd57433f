import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';

import { runProgram } from '../../test/program.js';
import { createProgram } from './program.js';

function commandsOf(command: Command, path: readonly string[] = []): [string, Command][] {
  const own: [string, Command][] = path.length === 0 ? [] : [[path.join(' '), command]];
  return [...own, ...command.commands.flatMap((each) => commandsOf(each, [...path, each.name()]))];
}

const commands = commandsOf(createProgram());

describe.each(commands.filter(([, { commands: below }]) => below.length === 0))(
  'the help of %s',
  (path, command) => {
    test('has examples of that very command', () => {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(help).toContain('Examples:');
      expect(help).toContain(`$ npx saas-export ${path}`);
    });
  },
);

test.each([
  ['an option', ['resync', '--fead', 'products'], 'Did you mean --feed?'],
  ['a command', ['stauts'], 'Did you mean status?'],
])('%s that is nearly one is suggested, with exit code 2', async (_, args, hint) => {
  const { code, stderr } = await runProgram(args);
  expect(stderr).toContain(hint);
  expect(code).toBe(2);
});
