import { expect, test } from 'vitest';

import { parsePhpArray, type PhpValue } from './php-array.js';
import { PhpSyntaxError } from './php-tokens.js';

/** As plain objects, which read better. */
function plain(value: PhpValue): unknown {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]))
    : value;
}

function parse(source: string): unknown {
  return plain(parsePhpArray(`<?php\nreturn ${source};`));
}

function problem(source: string): string {
  try {
    parsePhpArray(source);
  } catch (error) {
    if (error instanceof PhpSyntaxError) return `line ${error.line}: ${error.message}`;
    throw error;
  }
  return '';
}

test('a file as Commerce writes it is read', () => {
  const file = parsePhpArray(`<?php
return [
    'backend' => [
        'frontName' => 'admin_1a2b3c'
    ],
    'crypt' => [
        'key' => 'a1b2
c3d4'
    ],
    'db' => [
        'table_prefix' => 'm2_',
        'connection' => ['default' => ['host' => 'localhost', 'active' => '1', 'driver_options' => [1014 => false]]]
    ],
    'system' => [
        'default' => ['web' => ['unsecure' => ['base_url' => 'https://example.com/']]]
    ],
];
`);
  expect(plain(file)).toMatchObject({
    crypt: { key: 'a1b2\nc3d4' },
    db: { table_prefix: 'm2_', connection: { default: { driver_options: { '1014': false } } } },
    system: { default: { web: { unsecure: { base_url: 'https://example.com/' } } } },
  });
});

test('the old form, comments and a closing tag are read', () => {
  const file = parsePhpArray(`\uFEFF<?php
/**
 * Written by hand; // not the end
 */
declare(strict_types=1);
# one
return ARRAY( // two
  'a' => /* three */ Array('b', 'c',), 'url' => 'http://x/#y',
);
?>
`);
  expect(plain(file)).toEqual({ a: { '0': 'b', '1': 'c' }, url: 'http://x/#y' });
});

test.each<[string, unknown]>([
  [String.raw`'it\'s a \\ and \n'`, String.raw`it's a \ and \n`],
  [
    String.raw`"tab\t nl\n \"q\" \\ \$x \e \101\x41\u{1F600} \q"`,
    'tab\t nl\n "q" \\ $x \x1b AA😀 \\q',
  ],
  [String.raw`"\xC3\xA9 5$ {x} $"`, 'é 5$ {x} $'],
  ['"Größe 😀"', 'Größe 😀'],
  ['42', 42],
  ['-7', -7],
  ['+7', 7],
  ['1_000_000', 1_000_000],
  ['0x1F', 31],
  ['0b101', 5],
  ['0o17', 15],
  ['017', 15],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['-2.5e-3', -0.0025],
  ['6E3', 6000],
  ['true', true],
  ['FALSE', false],
  ['Null', null],
  ['[]', {}],
  ['array()', {}],
])('the literal %s is read', (literal, value) => {
  expect(parse(`[${literal}]`)).toEqual({ '0': value });
});

test('keys follow PHP: integers go on counting, later ones win', () => {
  expect(
    parse(`[5 => 'a', 'b', '9' => 'c', 'd', 'x' => 1, 'x' => 2, true => 'e', null => 'f']`),
  ).toEqual({
    '5': 'a',
    '6': 'b',
    '9': 'c',
    '10': 'd',
    x: 2,
    '1': 'e',
    '': 'f',
  });
});

test.each([
  ["<?php\nreturn [\n  'a' => getenv('X'),\n];", 'line 3: expected a literal, found `getenv`'],
  ["<?php return ['a' => PHP_VERSION];", 'line 1: expected a literal, found `PHP_VERSION`'],
  ["<?php return ['a' => Foo\\Bar::BAZ];", 'expected a literal, found `Foo\\Bar`'],
  ["<?php return ['a' => 'b' . 'c'];", 'line 1: expected `,` or `]`, found `.`'],
  ["<?php return ['a' => $_ENV['X']];", 'expected a literal, found `$_ENV`'],
  ['<?php return ["a" => "x\n$host"];', 'line 1: a string contains a variable'],
  ['<?php return ["a" => "{$host}"];', 'a string contains a variable'],
  ['<?php return ["a" => "${host}"];', 'a string contains a variable'],
  ["<?php return ['a' => <<<X\nb\nX];", 'expected a literal, found `<<<`'],
  ["<?php return ['a' => 1 ? 2 : 3];", 'expected `,` or `]`, found `?`'],
  ["<?php return ['a' => -'b'];", 'expected a number after `-`, found a string'],
  ['<?php return [...$x];', 'expected a literal, found `...`'],
  ['<?php return [[] => 1];', 'an array cannot be a key'],
  ["<?php\n\nreturn ['a' => 'hush\n];", 'line 3: a string is not closed'],
  ["<?php\nreturn ['a' => 'b'", 'line 2: expected `,` or `]`, found the end of the file'],
  ["<?php\nreturn ['a' => 'b';", 'line 2: expected `,` or `]`, found `;`'],
  ["<?php return ['a']; system('rm');", 'expected the end of the file, found `system`'],
  ['<?php $x = 1; return [];', 'expected `return [`, found `$x`'],
  ["<?php return 'a';", 'the file does not return an array'],
  ['return [];', 'line 1: the file does not begin with <?php'],
  ['', 'the file does not begin with <?php'],
  [`<?php return ${'['.repeat(200)}${']'.repeat(200)};`, 'nested more than 100 deep'],
])('%j is refused', (source, message) => {
  expect(problem(source)).toContain(message);
});

test('a refusal never repeats the content of a string', () => {
  expect(problem("<?php return ['password' 'hush'];")).not.toContain('hush');
});

test('a long file is read in one go', () => {
  const entries = Array.from({ length: 20_000 }, (_, n) => `'Module_${n}' => ${n % 2}`);
  expect(parsePhpArray(`<?php return [${entries.join(',\n')}];`).size).toBe(20_000);
  expect(parsePhpArray(`<?php return ['a' => '${'x\\\\'.repeat(300_000)}'];`).size).toBe(1);
});
