import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../test/test-shop.js';
import { categories } from './categories/feed.js';
import { products } from './products/feed.js';

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.generated({ products: 20, storeViews: 2 });
});
afterAll(() => shop.close());

describe.each([products, categories])('a base URL in $name', (feed) => {
  const warnings = async (): Promise<unknown[]> =>
    ((await shop.collect(feed)).warnings ?? []).filter(({ code }) => code === 'CDE01-25');

  test('that is whole is nothing to warn of', async () => {
    await shop.run(`DELETE FROM {core_config_data} WHERE path LIKE 'web/unsecure/base%'`);
    await shop.run(
      `INSERT INTO {core_config_data} (scope, scope_id, path, value)
       VALUES ('default', 0, 'web/unsecure/base_url', 'https://shop.example/')`,
    );
    expect(await warnings()).toEqual([]);
  });

  test('with a placeholder that only a web request resolves is warned of once, naming store views', async () => {
    await shop.run(`DELETE FROM {core_config_data} WHERE path = 'web/unsecure/base_url'`);
    await shop.insert('core_config_data', [
      { scope: 'default', scope_id: 0, path: 'web/unsecure/base_url', value: '{{base_url}}' },
    ]);
    const codes = await shop.rows<{ code: string }>(
      'SELECT code FROM {store} WHERE store_id > 0 ORDER BY code',
    );
    const found = (await warnings()) as { message: string }[];
    expect(found).toHaveLength(1);
    expect(found[0]!.message).toContain('({{base_url}})');
    for (const { code } of codes) expect(found[0]!.message).toContain(code);
  });
});
