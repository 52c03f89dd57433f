import { describe, expect, test } from 'vitest';

import { decodePhpJson, encodePhpJson, phpFloat } from './php-json.js';

const again = (json: string): string | undefined => {
  const value = decodePhpJson(json);
  return value === undefined ? undefined : encodePhpJson(value);
};

describe('JSON decoded and encoded as PHP does', () => {
  test.each([
    ['words', '[null, true, FALSE]', '[null,true,false]'],
    ['whole numbers', '[0, -7, 9223372036854775807]', '[0,-7,9223372036854775807]'],
    ['numbers beyond 64 bit', '12345678901234567890', '1.2345678901235e+19'],
    ['fractions without their zeros', '[1.0, 1.50, 0.1]', '[1,1.5,0.1]'],
    ['large and small numbers', '[1e25, 0.00001, 1.25E-7]', '[1.0e+25,1.0e-5,1.25e-7]'],
    ['negative zero', '[-0, -0.0, 0.0]', '[-0,-0,0]'],
    ['empty lists and objects', '[[], {}, { }]', '[[],[],[]]'],
    ['an object whose keys count from 0', '{"0": "a", "1": "b"}', '["a","b"]'],
    ['an object whose keys do not', '{"1": "a", "0": "b"}', '{"1":"a","0":"b"}'],
    ['keys in the order in which they were written', '{"b": 1, "7": 2}', '{"b":1,"7":2}'],
    ['the last value of a repeated key', '{"a": 1, "b": 2, "a": 3}', '{"a":3,"b":2}'],
    [
      'slashes and what is not ASCII',
      '"a/b \u00e9 \u2603 \ud83d\ude00"',
      '"a\\/b \\u00e9 \\u2603 \\ud83d\\ude00"',
    ],
    [
      'control characters',
      String.raw`"\b\f\n\r\t\"\\\u001f\u007f"`,
      '"\\b\\f\\n\\r\\t\\"\\\\\\u001f\u007f"',
    ],
    ['line separators', '"\u2028"', String.raw`"\u2028"`],
  ])('%s', (_, json, expected) => {
    expect(again(json)).toBe(expected);
  });

  test.each([
    '',
    ' ',
    '[1,]',
    '[,1]',
    '{"a":1,}',
    '{a:1}',
    "['a']",
    '01',
    '1.',
    '.5',
    '+1',
    'nul',
    '[1] 2',
    '"',
    '"\u0001"',
    String.raw`"\x41"`,
    String.raw`"\ud800"`,
    '['.repeat(513) + ']'.repeat(513),
  ])('%j is none', (json) => {
    expect(decodePhpJson(json)).toBeUndefined();
  });

  test('512 levels are, and long texts', () => {
    expect(again('['.repeat(512) + ']'.repeat(512))).toBeDefined();
    const text = JSON.stringify('x"\\'.repeat(100_000));
    expect(again(text)).toBe(text);
  });
});

test.each([
  [99_999_999_999_999, '99999999999999'],
  [99_999_999_999_999.9, '1.0e+14'],
  [0.0001, '0.0001'],
  [0.00009999, '9.999e-5'],
  [4.199999999999999, '4.2'],
  [-1.5e-10, '-1.5e-10'],
])('the float %d is written as %s', (value, expected) => {
  expect(phpFloat(value)).toBe(expected);
});
