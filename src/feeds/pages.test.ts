import { afterAll, beforeAll, expect, test } from 'vitest';

import { TestShop } from '../../test/test-shop.js';
import { variants } from './variants/feed.js';

const IDS = [1, 2, 3, 7, 8, 20_000_001, 4_000_000_000];

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.bare({ tables: [] });
});
afterAll(() => shop.close());

test('a shop without entities has no pages', async () => {
  expect(await shop.pages(variants, 3)).toEqual({ total: 0, pages: [] });
});

test('pages cover all entities, however far apart their ids are, without gaps between them', async () => {
  await shop.insert(
    'catalog_product_entity',
    IDS.map((id) => ({ entity_id: id, sku: `P-${id}`, type_id: 'simple', attribute_set_id: 4 })),
  );
  expect(await shop.pages(variants, 3)).toEqual({
    total: IDS.length,
    pages: [
      { kind: 'range', from: 1, to: 3 },
      { kind: 'range', from: 4, to: 20_000_001 },
      { kind: 'range', from: 20_000_002, to: 4_000_000_000 },
    ],
  });
});
