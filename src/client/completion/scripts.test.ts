import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

import { createProgram } from '../program.js';
import { commandTree } from './command-tree.js';
import { completionScript, SHELLS } from './scripts.js';

const tree = commandTree(createProgram());

/** What bash offers after these words, the last of which is being written. */
function offered(...words: string[]): string[] {
  const script = `${completionScript('bash', tree)}
    COMP_WORDS=(saas-export "$@"); COMP_CWORD=$#
    _saas_export
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
  return output.split('\n').filter((line) => line !== '');
}

describe('bash completes', () => {
  test.each<[string, string[], string[]]>([
    ['commands', ['pre'], ['preview']],
    ['commands of commands', ['config', ''], ['show', '--help']],
    ['options', ['resync', '--no'], ['--no-reindex']],
    ['feeds after --feed', ['resync', '--feed', 'productA'], ['productAttributes']],
    ['the last feed of a list', ['resync', '--feed', 'prices,ord'], ['prices,orders']],
    ['a feed that is an argument', ['preview', 'var'], ['variants']],
    ['choices', ['sandbox', '--edition', 'c'], ['commerce']],
    ['shells', ['completion', 'f'], ['fish']],
    ['nothing for a value that may be anything', ['resync', '--reason', ''], []],
  ])('%s', (_, words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });
});

test.each(SHELLS)('the script for %s has every command and every option', (shell) => {
  const script = completionScript(shell, tree);
  for (const { commands, options } of tree) {
    for (const { word } of commands) expect(script).toContain(word);
    for (const { word } of options) expect(script).toContain(word.replace(/^--/, ''));
  }
});
