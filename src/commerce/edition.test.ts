import { expect, test } from 'vitest';

import { editionOf } from './edition.js';

test.each([
  ['ce', false, []],
  ['ee', true, ['catalog_product_entity']],
  ['b2b', true, ['catalog_product_entity', 'company']],
  ['b2b', true, ['shared_catalog']],
] as const)(
  'the edition %s is known by versioned products and the tables of B2B',
  (edition, versioned, tables) => {
    const hasTable = (table: string): boolean => (tables as readonly string[]).includes(table);
    const product = { name: 'catalog_product_entity', linkField: 'row_id', versioned } as never;
    expect(editionOf({ product, hasTable })).toBe(edition);
  },
);
