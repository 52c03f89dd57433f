import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);

const scripts = ['bench', 'scripts'].flatMap((folder) =>
  readdirSync(new URL(folder, root))
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => `${folder}/${file}`),
);

test.each(scripts)('%s imports what the program has', (script) => {
  const text = readFileSync(new URL(script, root), 'utf8');
  const imports = text.matchAll(/(?:{([^{}]*)} = await )?import\('\.\.\/dist\/([\w/-]+)\.js'\)/g);
  const missing = [...imports].flatMap(([, names = '', part = '']) => {
    const file = new URL(`src/${part}.ts`, root);
    if (!existsSync(file)) return [part];
    const source = readFileSync(file, 'utf8');
    return names
      .split(',')
      .map((name) => name.split(':')[0]?.trim() ?? '')
      .filter((name) => name !== '' && !isExported(source, name))
      .map((name) => `${part}: ${name}`);
  });
  expect(missing).toEqual([]);
});

function isExported(source: string, name: string): boolean {
  return new RegExp(
    `export (async )?(function\\*?|class|const) ${name}\\b|export {[^}]*\\b${name}\\b`,
  ).test(source);
}
