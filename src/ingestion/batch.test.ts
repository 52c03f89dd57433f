import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseBatch } from './batch.js';
import type { Refusal } from './refusal.js';

const textsOf = (json: string): string[] =>
  parseBatch(Buffer.from(json), 100).texts.map((text) => text.toString());

describe('the texts of a batch', () => {
  test('are those received: order of keys, numbers, escapes and white space', () => {
    const odd = '{ "b":1.0,\n  "a":"\\u00fc ü 😀 \\" ] } \\\\" , "c":[{"d":[]}],"n":34e0}';
    expect(textsOf(`\n [${odd} ,\t{}, {"a":[1,[2]]}\r\n] `)).toEqual([odd, '{}', '{"a":[1,[2]]}']);
  });

  test('of an empty batch are none', () => {
    expect(textsOf('[]')).toEqual([]);
  });

  test('hold what was sent, whatever it was', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(object), fc.constantFrom(undefined, 2, '\t'), (objects, indent) => {
        const { items, texts } = parseBatch(
          Buffer.from(JSON.stringify(objects, null, indent)),
          100,
        );
        expect(texts.map((text) => JSON.parse(text.toString()) as unknown)).toEqual(items);
      }),
    );
  });
});

test.each([
  ['nothing', '', 'invalid_json'],
  ['half an array', '[{"a":1}', 'invalid_json'],
  ['an object', '{"a":1}', 'invalid_body'],
  ['an array with a number', '[{"a":1},2]', 'invalid_body'],
  ['an array with an array', '[[]]', 'invalid_body'],
  ['an array with null', '[null]', 'invalid_body'],
  ['bytes that are not UTF-8', Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]), 'invalid_body'],
  ['more items than allowed', '[{},{},{}]', 'items_limit_exceeded'],
])('%s is refused as a whole', (_, body, code) => {
  let refusal: Refusal | undefined;
  try {
    parseBatch(Buffer.from(body), 2);
  } catch (error) {
    refusal = error as Refusal;
  }
  expect(refusal).toMatchObject({
    status: 400,
    body: { code, feedItemReceivedCount: 0, invalidFeedItems: [] },
  });
});
