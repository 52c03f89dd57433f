import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CategoryShop } from '../../../test/category-shop.js';
import type { Category } from './contract.js';
import { categories } from './feed.js';

describe('a category depends on settings:', () => {
  let rows: CategoryShop;

  beforeAll(async () => {
    rows = await CategoryShop.create('open-source');
    await rows.add([
      ['1/2', {}],
      ['1/3', {}],
      ['1/2/10', { description: `<b title="x">A &amp; B's</b>`, image: 'a.jpg' }],
      ['1/3/11', { image: 'a.jpg', available_sort_by: 'nameless,cost,name' }],
      ['1/3/12', { default_sort_by: 'cost' }],
      ['1/3/13', { default_sort_by: 'nameless' }],
    ]);
  });
  afterAll(() => rows.shop.close());

  const itemOf = async (id: number, storeView: string): Promise<Category> => {
    const { items } = await rows.shop.collect(categories, { kind: 'ids', ids: [id] });
    const item = (items as Category[]).find(({ storeViewCode }) => storeViewCode === storeView);
    if (item === undefined) throw new Error(`category ${id} has no item in ${storeView}`);
    return item;
  };

  test.each([
    [1, 1, `<b title="x">A &amp; B's</b>`],
    [1, 0, `<b title="x">A &amp; B's</b>`],
    [0, 1, `<b title="x">A &amp; B's</b>`],
    [0, 0, '&lt;b title=&quot;x&quot;&gt;A &amp;amp; B&#039;s&lt;/b&gt;'],
  ] as const)(
    'with HTML allowed %i and the editor %i, its description is %s',
    async (html, editor, description) => {
      await rows.setDescription(html, editor);
      expect((await itemOf(10, 'us')).description).toBe(description);
    },
  );

  test('directives in its description are those of the default scope', async () => {
    await rows.setDescription(1, 1);
    await rows.add([
      ['1/3/14', { description: '{{media url="a.png"}}', 'description@4': 'plain {{media}}' }],
    ]);
    expect((await itemOf(14, 'eu_en')).description).toBe('http://shop.test/media/a.png');
    expect((await itemOf(14, 'eu_b2b')).description).toBe(
      "We're sorry, an error has occurred while generating this content.",
    );
  });

  test('its image has the media URL of the store view', async () => {
    expect((await itemOf(11, 'eu_en')).image).toBe('http://eu.test/media/catalog/category/a.jpg');
    expect((await itemOf(11, 'eu_b2b')).image).toBe(
      'http://shop.test/media/catalog/category/a.jpg',
    );
  });

  test('it is sorted as the store view wants, by attributes that are sortable and have a label', async () => {
    expect((await itemOf(3, 'eu_en')).defaultSortBy).toBe('price');
    expect((await itemOf(3, 'eu_b2b')).defaultSortBy).toBe('position');
    expect((await itemOf(11, 'eu_en')).defaultSortBy).toBe('name');
    expect((await itemOf(12, 'eu_en')).defaultSortBy).toBe('position');
    expect((await itemOf(13, 'eu_en')).defaultSortBy).toBe('position');
  });

  test('a label of the admin scope makes an attribute sortable', async () => {
    await rows.shop.insert('eav_attribute_label', [{ attribute_id: 79, store_id: 0, value: 'N' }]);
    expect((await itemOf(13, 'eu_en')).defaultSortBy).toBe('nameless');
  });
});
