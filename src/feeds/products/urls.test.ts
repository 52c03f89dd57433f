import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ProductShop } from '../../../test/product-shop.js';

describe.each(['open-source', 'commerce'] as const)('addresses (%s)', (edition) => {
  let shop: ProductShop;
  beforeAll(async () => {
    shop = await ProductShop.create(edition);
    await shop.add(1, { values: { status: 1, url_key: 'key' } });
  });
  afterAll(() => shop.close());

  const rewrite = (
    id: number,
    path: string,
    columns: Readonly<Record<string, string | number | null>> = {},
  ): Promise<void> =>
    shop.insert('url_rewrite', {
      url_rewrite_id: id,
      entity_type: 'product',
      entity_id: 1,
      store_id: 1,
      request_path: path,
      target_path: 'catalog/product/view/id/1',
      redirect_type: 0,
      metadata: null,
      ...columns,
    });

  test('are those Commerce answers without a rewrite, where there is none', async () => {
    await shop.shop.insert('core_config_data', [
      { scope: 'stores', scope_id: 2, path: 'web/seo/use_rewrites', value: '0' },
      { scope: 'stores', scope_id: 2, path: 'web/url/use_store', value: '1' },
    ]);
    expect((await shop.item(1)).url).toBe('http://shop.test/catalog/product/view/id/1/s/key/');
    expect((await shop.item(1, 'us')).url).toBe(
      'http://shop.test/index.php/us/catalog/product/view/id/1/s/key/',
    );
  });

  test('are the last rewrites that are neither redirects nor of a category', async () => {
    await rewrite(5, 'new.html');
    await rewrite(4, 'old.html');
    await rewrite(6, 'moved.html', { redirect_type: 301, target_path: 'new.html' });
    await rewrite(7, 'gear/new.html', {
      metadata: '{"category_id":"3"}',
      target_path: '/catalog/product/view/id/1/category/3/odd/',
    });
    await rewrite(8, 'gear.html', { entity_type: 'category' });
    await rewrite(9, 'us.html', { store_id: 2 });
    const item = await shop.item(1);
    expect(item.url).toBe('http://shop.test/new.html');
    const id = { name: 'id', value: '1' };
    expect(item.urlRewrites).toEqual([
      { url: 'http://shop.test/old.html', parameters: [id] },
      { url: 'http://shop.test/new.html', parameters: [id] },
      { url: 'http://shop.test/moved.html', parameters: null },
      { url: 'http://shop.test/gear/new.html', parameters: [id, { name: 'category', value: '3' }] },
    ]);
    expect(await shop.item(1, 'us')).toMatchObject({
      url: 'http://shop.test/index.php/us/us.html',
      urlRewrites: [{ url: 'http://shop.test/us.html' }],
    });
  });
});
