import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';

import { renderFeedReference } from './reference.js';
import { describeFields } from './reference-fields.js';

test('docs/feeds.md says what registry and contracts say', async () => {
  await expect(renderFeedReference()).toMatchFileSnapshot('../../docs/feeds.md');
});

describe('the fields of a contract', () => {
  test('have a path, a type, and say whether they are always there', () => {
    const contract = Type.Object({
      id: Type.Integer({ minimum: 1, description: 'of the thing' }),
      name: Type.Optional(Type.String({ minLength: 1 })),
      tags: Type.Union([Type.Array(Type.String(), { minItems: 1 }), Type.Null()]),
      kind: Type.Union([Type.Literal('a'), Type.Literal('b')]),
      unit: Type.Enum(['g', 'kg']),
      parts: Type.Array(Type.Object({ qty: Type.Number({ exclusiveMinimum: 1 }) })),
      place: Type.Object({ city: Type.Union([Type.String(), Type.Null()]) }),
      byUnit: Type.Record(Type.String(), Type.Object({ sum: Type.Number() })),
    });
    const rows = describeFields(contract).map(({ path, type, required, description }) =>
      [path, type, required ? 'required' : 'optional', description].filter(Boolean).join(' | '),
    );
    expect(rows).toEqual([
      'id | integer from 1 on | required | of the thing',
      'name | string, not empty | optional',
      'tags | list of strings, never empty or null | required',
      'kind | `"a"` or `"b"` | required',
      'unit | `"g"`, `"kg"` | required',
      'parts | list of objects | required',
      'parts[].qty | number above 1 | required',
      'place | object | required',
      'place.city | string or null | required',
      'byUnit | object | required',
      'byUnit.*.sum | number | required',
    ]);
  });

  test('of objects with several forms are those of all, required where all have them', () => {
    const contract = Type.Object({
      tiers: Type.Array(
        Type.Union([
          Type.Object({ qty: Type.Number(), price: Type.Number() }),
          Type.Object({ qty: Type.Null(), percentage: Type.Number() }),
        ]),
      ),
    });
    expect(
      describeFields(contract).map(
        ({ path, type, required }) => `${path} ${type} ${String(required)}`,
      ),
    ).toEqual([
      'tiers list of objects true',
      'tiers[].qty number or null true',
      'tiers[].price number false',
      'tiers[].percentage number false',
    ]);
  });
});
