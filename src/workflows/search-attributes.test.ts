import { expect, test } from 'vitest';

import { endAttributes, SEARCH_ATTRIBUTES, startAttributes } from './search-attributes.js';

test('search attributes keep their names and types, as saved queries rely on them', () => {
  expect(SEARCH_ATTRIBUTES.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'SaasExportFeed KEYWORD',
    'SaasExportSyncType KEYWORD',
    'SaasExportOutcome KEYWORD',
    'SaasExportRequestedBy KEYWORD',
    'SaasExportItemsFailed INT',
  ]);
});

test('a run carries what is known of it, and nothing that is not', () => {
  expect(startAttributes({ syncType: 'full sync', requestedBy: '' })).toEqual([
    { key: { name: 'SaasExportSyncType', type: 'KEYWORD' }, value: 'full sync' },
  ]);
  expect(
    startAttributes({ feed: 'prices', syncType: 'full sync', requestedBy: 'ada' }).map(
      ({ value }) => value,
    ),
  ).toEqual(['prices', 'full sync', 'ada']);
  expect(endAttributes({ outcome: 'completed', itemsFailed: 0 }).map(({ value }) => value)).toEqual(
    ['completed', 0],
  );
});

test('a long name of a person is cut, not refused', () => {
  const [, requestedBy] = startAttributes({ syncType: 'x', requestedBy: 'a'.repeat(1000) });
  expect(requestedBy?.value).toBe('a'.repeat(255));
});
