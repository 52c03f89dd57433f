import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';

import { defineFeed, type Feed } from './feed.js';
import { allFeeds } from './registry.js';
import { feedValidator, type ItemProblem } from './validation.js';

const strict = { additionalProperties: false } as const;

const Thing = Type.Object(
  {
    sku: Type.String({ minLength: 1 }),
    storeViewCode: Type.String(),
    websiteCode: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    kind: Type.Union([Type.Literal('A'), Type.Literal('B')]),
    level: Type.Enum(['low', 'high']),
    links: Type.Union([
      Type.Array(Type.Object({ sku: Type.String(), qty: Type.Number() }, strict), { minItems: 1 }),
      Type.Null(),
    ]),
    deleted: Type.Boolean(),
    modifiedAt: Type.String(),
  },
  strict,
);

const things = defineFeed({
  name: 'products',
  summary: 'things',
  mode: 'immediate',
  table: 'things',
  version: 1,
  contract: Thing,
  identity: ['sku', 'storeViewCode'],
  minimalPayload: ['sku', 'storeViewCode', 'modifiedAt'],
  unhashed: [],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'sku',
  batchSize: 100,
  pageSize: 100,
  source: () => ({ table: 'things', idColumn: 'id', idTypes: {} }),
  watches: [],
  open: () => Promise.reject(new Error('nothing is collected here')),
});

const thing = {
  sku: '24-MB01',
  storeViewCode: 'default',
  kind: 'A',
  level: 'low',
  links: [{ sku: '24-MB02', qty: 1.5 }],
  deleted: false,
  modifiedAt: '2026-11-21 22:40:05',
};
const without = (...fields: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(thing).filter(([field]) => !fields.includes(field)));

const problems = (item: Record<string, unknown>, feed: Feed = things): readonly ItemProblem[] =>
  feedValidator(feed)(item);

describe('an item', () => {
  test('that follows the contract is valid, with or without optional fields', () => {
    expect(problems(thing)).toEqual([]);
    expect(problems({ ...thing, links: null, websiteCode: null })).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, ItemProblem]>([
    ['a missing field', without('links'), { field: '/links', message: 'is required' }],
    [
      'a field that no contract knows',
      { ...thing, 'a/b': 1 },
      { field: '/a~1b', message: 'is not a field of the contract' },
    ],
    ['a wrong type', { ...thing, sku: 7 }, { field: '/sku', message: 'must be string' }],
    [
      'none of several types',
      { ...thing, websiteCode: 7 },
      { field: '/websiteCode', message: 'must be string or null' },
    ],
    [
      'none of several values',
      { ...thing, kind: 'C' },
      { field: '/kind', message: 'must be "A" or "B"' },
    ],
    [
      'no value of an enum',
      { ...thing, level: 'mid' },
      { field: '/level', message: 'must be "low" or "high"' },
    ],
    [
      'something deep inside a nullable list',
      {
        ...thing,
        links: [
          { sku: 'x', qty: 1 },
          { sku: 'x', qty: '1' },
        ],
      },
      { field: '/links/1/qty', message: 'must be number' },
    ],
    [
      'something missing deep inside',
      { ...thing, links: [{ sku: 'x' }] },
      { field: '/links/0/qty', message: 'is required' },
    ],
    [
      'a stamp that says no time',
      { ...thing, modifiedAt: 'yesterday' },
      { field: '/modifiedAt', message: 'is not a time' },
    ],
  ])('is refused for %s, which is named', (_, item, problem) => {
    expect(problems(item)).toEqual([problem]);
  });

  test('is told all its problems, but no endless list of them', () => {
    expect(problems({ ...thing, sku: 1, kind: 1, level: 1 })).toHaveLength(3);
    const unknown = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`x${i}`, i]));
    expect(problems({ ...thing, ...unknown })).toHaveLength(10);
  });
});

describe('a deletion', () => {
  test('needs no more than its identity', () => {
    expect(problems({ sku: '24-MB01', storeViewCode: 'default', deleted: true })).toEqual([]);
  });

  test('may carry the whole item', () => {
    expect(problems({ ...thing, deleted: true })).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, ItemProblem]>([
    [
      'without a field of the identity',
      { sku: 'x', deleted: true },
      { field: '/storeViewCode', message: 'is required' },
    ],
    [
      'with a field of a wrong type',
      { sku: 'x', storeViewCode: 'y', deleted: true, links: 'none' },
      { field: '/links', message: 'must be array or null' },
    ],
    [
      'with a field that no contract knows',
      { sku: 'x', storeViewCode: 'y', deleted: true, extra: 1 },
      { field: '/extra', message: 'is not a field of the contract' },
    ],
  ])('%s is refused', (_, item, problem) => {
    expect(problems(item)).toEqual([problem]);
  });
});

test('of a legacy feed, stamp and `deleted` may be missing', () => {
  const stored = without('deleted', 'modifiedAt');
  const legacy: Feed = { ...things, mode: 'legacy' };
  expect(problems(stored, legacy)).toEqual([]);
  expect(problems({ ...stored, modifiedAt: 7 }, legacy)).toEqual([
    { field: '/modifiedAt', message: 'must be string' },
  ]);
  expect(problems(stored).map(({ field }) => field)).toEqual(['/deleted', '/modifiedAt']);
});

test('every feed’s contract compiles, and refuses an empty item and an empty deletion', () => {
  for (const feed of allFeeds()) {
    expect(problems({}, feed), feed.name).not.toEqual([]);
    expect(problems({ deleted: true }, feed), feed.name).not.toEqual([]);
  }
});
