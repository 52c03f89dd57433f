import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);

const scripts = ['bench', 'scripts'].flatMap((folder) =>
  readdirSync(new URL(folder, root))
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => `${folder}/${file}`),
);

test.each(scripts)('%s imports parts of the program that there are', (script) => {
  const text = readFileSync(new URL(script, root), 'utf8');
  const parts = [...text.matchAll(/'\.\.\/dist\/([\w/-]+)\.js'/g)].map(([, part]) => part ?? '');
  const missing = parts.filter((part) => !existsSync(new URL(`src/${part}.ts`, root)));
  expect(missing).toEqual([]);
});
