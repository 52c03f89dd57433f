import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';

import { createProgram } from '../program.js';
import { JSON_DOCUMENTS } from './documents.js';
import { renderJsonReference } from './reference.js';
import { problemsOfDocument } from './validation.js';

function withJson(command: Command, path: readonly string[] = []): string[] {
  const own = command.options.some(({ long }) => long === '--json') ? [path.join(' ')] : [];
  return [...own, ...command.commands.flatMap((each) => withJson(each, [...path, each.name()]))];
}

test('docs/json.md says what is described', async () => {
  await expect(renderJsonReference()).toMatchFileSnapshot('../../../docs/json.md');
});

test('the document of each command with --json is described, and no other', () => {
  const described = JSON_DOCUMENTS.map(({ command }) => command);
  expect(described.toSorted()).toEqual(withJson(createProgram()).toSorted());
});

describe('a document', () => {
  test('passes as it is described', () => {
    const alert = { key: 'capture', feed: null, what: '', cause: '', command: '', level: 1 };
    expect(problemsOfDocument('alerts check', [])).toEqual([]);
    expect(problemsOfDocument('alerts check', [alert])).toEqual([]);
  });

  test('may have any of its forms', () => {
    expect(problemsOfDocument('retry', { workflowId: 'retry-1' })).toEqual([]);
    expect(problemsOfDocument('retry', { started: [], handedOver: [], settled: {} })).toEqual([]);
  });

  test.each([
    ['a field too many', { feed: 'products', dropped: 1, items: 1 }, /items/],
    ['a field too few', { feed: 'products' }, /dropped/],
    ['another type', { feed: 'products', dropped: '1' }, /\/dropped must be integer/],
  ])('with %s is told where it is wrong', (_, document, problem) => {
    expect(problemsOfDocument('deletions drop', document).join('\n')).toMatch(problem);
  });

  test('that nobody has described is an error', () => {
    expect(() => problemsOfDocument('preview', {})).toThrow('No document of “preview --json”');
  });
});
