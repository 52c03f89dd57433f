import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

import { createProgram } from '../program.js';
import { commandTree } from './command-tree.js';
import { completionScript, SHELLS, type Shell } from './scripts.js';

const tree = commandTree(createProgram());

/** What each shell offers after these words, the last of which is being written. */
const offered: Readonly<Record<Shell, (words: readonly string[]) => string[]>> = {
  bash: (words) =>
    run('bash', [
      '-c',
      `${completionScript('bash', tree)}
       COMP_WORDS=(saas-export "$@"); COMP_CWORD=$#
       _saas_export
       printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ]),
  // The builtins of its completion work at a prompt alone: these do what is asked of them here.
  zsh: (words) =>
    run('zsh', [
      '-fc',
      `compdef() { }; typeset -g head=""
       compset() { head="\${words[CURRENT]%,*},"; words[CURRENT]="\${words[CURRENT]##*,}" }
       compadd() { shift; for each in "$@"; do
         [[ "$each" == "\${words[CURRENT]}"* ]] && print -r -- "$head$each"; done; true }
       ${completionScript('zsh', tree)}
       words=(saas-export "$@"); CURRENT=$#words
       _saas_export`,
      'zsh',
      ...words,
    ]),
  fish: (words) =>
    run('fish', [
      '--no-config',
      '-c',
      `${completionScript('fish', tree)}
       complete -C ${JSON.stringify(['saas-export', ...words].join(' '))}`,
    ]).map((line) => line.split('\t')[0] ?? ''),
};

function run(shell: Shell, args: readonly string[]): string[] {
  const output = execFileSync(shell, args, { encoding: 'utf8' });
  return output.split('\n').filter((line) => line !== '');
}

const isThere = (shell: Shell): boolean =>
  spawnSync(shell, ['-c', 'true'], { stdio: 'ignore' }).status === 0;

const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['commands', ['pre'], ['preview']],
  ['commands of commands', ['config', 'sh'], ['show']],
  ['options', ['resync', '--no'], ['--no-reindex']],
  ['feeds after --feed', ['resync', '--feed', 'productA'], ['productAttributes']],
  ['a feed that is an argument', ['preview', 'var'], ['variants']],
  ['a feed that is the name of a command too', ['explain', 'orders', 'l'], []],
  ['choices', ['sandbox', '--edition', 'c'], ['commerce']],
  ['shells', ['completion', 'f'], ['fish']],
  ['nothing for a value that may be anything', ['resync', '--reason', ''], []],
];

describe.each(SHELLS)('%s', (shell) => {
  const absent = !isThere(shell);

  test.skipIf(absent).each(CASES)('completes %s', (_, words, expected) => {
    expect(offered[shell](words)).toEqual(expected);
  });

  test.skipIf(absent || shell === 'fish')('completes the last feed of a list', () => {
    expect(offered[shell](['resync', '--feed', 'prices,ord'])).toEqual(['prices,orders']);
  });
});

test.each(SHELLS)('the script for %s has every command and every option', (shell) => {
  const script = completionScript(shell, tree);
  for (const { commands, options } of tree) {
    for (const { word } of commands) expect(script).toContain(word);
    for (const { word } of options) expect(script).toContain(word.replace(/^--/, ''));
  }
});
