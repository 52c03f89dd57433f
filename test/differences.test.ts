import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { DOCUMENTED_DIFFERENCES } from '../src/sandbox/parity/documented-differences.js';

const root = new URL('../', import.meta.url);
const page = read('docs/differences.md');
const differences = page.split(/^### /m).slice(1);
const tests = [...page.matchAll(/^- Test: `(.+?)`, “(.+)”$/gm)].map(
  ([, file = '', title = '']) => ({ file, title: title.replaceAll('\\`', '`') }),
);

describe('docs/differences.md', () => {
  test('names a test for each difference', () => {
    for (const difference of differences) expect(difference).toMatch(/^- Test: /m);
    expect(page.match(/^- Test: /gm)).toHaveLength(tests.length);
  });

  test.each(tests)('names a test that exists: “$title”', ({ file, title }) => {
    expect(existsSync(fileURLToPath(new URL(file, root))), file).toBe(true);
    expect(titlesOf(read(file))).toContain(title);
  });

  test.each(DOCUMENTED_DIFFERENCES)('explains what the comparison accepts: $title', ({ title }) => {
    expect(differences.map((difference) => difference.split('\n')[0])).toContain(title);
  });
});

/** The first arguments of `test`, `describe` and their variants, as they are written. */
function titlesOf(source: string): string[] {
  return [...source.matchAll(/(?:\(|\)\(|\)\(\n\s+)(['"`])([^\n]+?)\1,/g)].map(
    ([, , title = '']) => title,
  );
}

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}
