import { expect, test } from 'vitest';

import { threeWayDifferences } from './differences.js';

test('tells each field that is not the same now, as it was sent, and at the service', () => {
  const differences = threeWayDifferences(
    {
      now: { sku: 'A', name: 'new', tags: ['x'], modifiedAt: '2' },
      // Only some fields are kept of what was sent.
      sent: { sku: 'B' },
      service: { sku: 'A', name: 'old', tags: ['x', 'y'], modifiedAt: '1' },
    },
    ['modifiedAt'],
  );
  expect(differences).toEqual([
    { path: 'name', now: 'new', service: 'old' },
    { path: 'tags[].length', now: ['x'], service: ['x', 'y'] },
    { path: 'sku', now: 'A', sent: 'B' },
  ]);
});

test('compares what is kept with the service where the item is gone', () => {
  expect(
    threeWayDifferences({ now: undefined, sent: { sku: 'A' }, service: { sku: 'B', qty: 1 } }, []),
  ).toEqual([{ path: 'sku', sent: 'A', service: 'B' }]);
  expect(threeWayDifferences({ now: undefined, sent: { a: 1 }, service: undefined }, [])).toEqual(
    [],
  );
});
