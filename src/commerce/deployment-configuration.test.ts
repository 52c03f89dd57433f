import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { ExportError } from '../errors/export-error.js';
import { readDeploymentConfiguration, type DeploymentSources } from './deployment-configuration.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'deployment-'))));
afterEach(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function problem(sources: DeploymentSources): Promise<ExportError> {
  const error: unknown = await readDeploymentConfiguration(sources).catch((each: unknown) => each);
  if (!(error instanceof ExportError)) throw new Error('nothing was refused');
  expect(error.code).toBe('SDE10-04');
  return error;
}

test('without any source nothing is overridden', async () => {
  expect(await readDeploymentConfiguration({})).toEqual({
    overrides: { default: {}, websites: {}, stores: {} },
    tablePrefix: undefined,
    modules: new Map(),
  });
});

test('env.php gives overrides by path and the table prefix, and nothing else', async () => {
  const envPhp = file(
    'env.php',
    `<?php return [
      'crypt' => ['key' => 'hush'],
      'db' => ['table_prefix' => 'm2_', 'connection' => ['default' => ['password' => 'hush']]],
      'system' => [
        'default' => ['Web' => ['seo' => ['use_rewrites' => true]], 'general' => ['x' => null]],
        'websites' => ['Base' => ['currency' => ['options' => ['base' => 'EUR']]]],
        'stores' => ['de' => ['catalog' => ['n' => 5, 'f' => 1.5, 'off' => false, 'none' => []]]],
        'unknown' => 'x',
      ],
    ];`,
  );
  const read = await readDeploymentConfiguration({ envPhp });
  expect(read).toEqual({
    overrides: {
      default: { 'web/seo/use_rewrites': '1', 'general/x': null },
      websites: { base: { 'currency/options/base': 'EUR' } },
      stores: { de: { 'catalog/n': '5', 'catalog/f': '1.5', 'catalog/off': '0' } },
    },
    tablePrefix: 'm2_',
    modules: new Map(),
  });
});

test('config.php tells which modules are on', async () => {
  const configPhp = file(
    'config.php',
    `<?php return ['modules' => ['Magento_Store' => 1, 'Magento_InventoryIndexer' => 0]];`,
  );
  const { modules } = await readDeploymentConfiguration({ configPhp });
  expect([...modules]).toEqual([
    ['Magento_Store', true],
    ['Magento_InventoryIndexer', false],
  ]);
});

test('variables win over the map, the map over env.php, env.php over config.php, path by path', async () => {
  const php = (values: string) => `<?php return ['system' => ['default' => ['a' => [${values}]]]];`;
  const { overrides } = await readDeploymentConfiguration({
    configPhp: file('config.php', php(`'b' => '1', 'c' => '1', 'd' => '1', 'e' => '1'`)),
    envPhp: file('env.php', php(`'b' => '2', 'c' => '2', 'd' => '2'`)),
    configFile: file('map.yaml', 'default:\n  a: {b: 3, c: 3}\n'),
    variables: { CONFIG__DEFAULT__A__B: '4' },
  });
  expect(overrides.default).toEqual({ 'a/b': '4', 'a/c': '3', 'a/d': '2', 'a/e': '1' });
});

describe('variables', () => {
  test('lose the case of path and code, and keep their value', async () => {
    const { overrides } = await readDeploymentConfiguration({
      variables: {
        CONFIG__DEFAULT__WEB__UNSECURE__BASE_URL: 'https://Example.com/',
        CONFIG__WEBSITES__EU_Base__currency__OPTIONS__BASE: 'EUR',
        CONFIG__STORES__DE__CATALOG__FRONTEND__DEFAULT_SORT_BY: '',
      },
    });
    expect(overrides).toEqual({
      default: { 'web/unsecure/base_url': 'https://Example.com/' },
      websites: { eu_base: { 'currency/options/base': 'EUR' } },
      stores: { de: { 'catalog/frontend/default_sort_by': '' } },
    });
  });

  test('that name no path, or are none of Commerce’s, do nothing', async () => {
    const { overrides } = await readDeploymentConfiguration({
      variables: {
        CONFIG__DEFAULT: 'x',
        CONFIG__STORES__DE: 'x',
        CONFIG__GROUPS__DE__A: 'x',
        MY_CONFIG__DEFAULT__A: 'x',
        PATH: 'x',
      },
    });
    expect(overrides).toEqual({ default: {}, websites: {}, stores: {} });
  });
});

describe('the map', () => {
  test('may be nested, flat or both, and keeps numbers as they are written', async () => {
    const configFile = file(
      'map.yaml',
      `default:
  web/unsecure/base_url: https://example.com/
  web/seo: {use_rewrites: true}
  tax: {rate: 1.0, "word": "true", nothing: , none: null}
websites:
  Base: {currency/options/base: EUR}
stores:
  de:
    general: {locale: {code: de_DE}}
`,
    );
    const { overrides } = await readDeploymentConfiguration({ configFile });
    expect(overrides).toEqual({
      default: {
        'web/unsecure/base_url': 'https://example.com/',
        'web/seo/use_rewrites': '1',
        'tax/rate': '1.0',
        'tax/word': 'true',
        'tax/nothing': null,
        'tax/none': null,
      },
      websites: { base: { 'currency/options/base': 'EUR' } },
      stores: { de: { 'general/locale/code': 'de_DE' } },
    });
  });

  test('may be JSON, indented with tabs', async () => {
    const configFile = file(
      'map.json',
      '{\n\t"default": {\n\t\t"web": {"seo": {"use_rewrites": false}}, "a/b/c": 12\n\t}\n}\n',
    );
    const { overrides } = await readDeploymentConfiguration({ configFile });
    expect(overrides.default).toEqual({ 'web/seo/use_rewrites': '0', 'a/b/c': '12' });
  });

  test('may be empty', async () => {
    const { overrides } = await readDeploymentConfiguration({ configFile: file('map.yaml', '') });
    expect(overrides.default).toEqual({});
  });
});

describe('what cannot be read', () => {
  test('PHP code is named with file and line', async () => {
    const envPhp = file('env.php', "<?php\nreturn [\n 'a' => getenv('SECRET'),\n];");
    const { message, cure } = await problem({ envPhp });
    expect(message).toMatch(/env\.php, line 3: expected a literal, found `getenv`/);
    expect(message).not.toContain('SECRET');
    expect(cure).toContain('COMMERCE_CONFIG_FILE');
  });

  test.each([
    ['default:\n  a: [1, 2]\n', 'line 2: a setting is a text, not a list'],
    ['default:\n  a: 1\n  a: 2\n', 'line 3: Map keys must be unique'],
    ['default: {}\nstore:\n  de: {}\n', 'line 2: “store” is not a scope; scopes are default'],
    ['[a]', 'line 1: a setting is a text, not a list'],
    ['text', 'line 1: the file is not a map of scopes'],
    ['stores: {de: x}', '“de” is not a map of settings'],
    ['default: x', '“default” is not a map of settings'],
    ['{"default": {"a": "b"', 'line 1: '],
  ])('the map %j is named with file and line', async (content, message) => {
    const error = await problem({ configFile: file('map.yaml', content) });
    expect(error.message).toContain('map.yaml');
    expect(error.message).toContain(message);
  });

  test('section system in a wrong form is named', async () => {
    const envPhp = file('env.php', "<?php return ['system' => ['stores' => ['de' => 'x']]];");
    expect((await problem({ envPhp })).message).toContain(
      'env.php, section system: “de” is not a map of settings',
    );
  });

  test.each(['envPhp', 'configPhp', 'configFile'])('a missing %s is named', async (key) => {
    const error = await problem({ [key]: join(directory, 'gone') });
    expect(error.message).toContain(join(directory, 'gone'));
    expect(error.message).toContain('ENOENT');
  });
});
