import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ProductShop } from '../../../test/product-shop.js';
import { preparePage } from '../item.js';
import { feedValidator } from '../validation.js';
import type { Product } from './contract.js';
import { products } from './feed.js';

describe.each(['open-source', 'commerce'] as const)('products (%s)', (edition) => {
  let shop: ProductShop;
  beforeAll(async () => {
    shop = await ProductShop.create(edition);
  });
  afterAll(() => shop.close());

  test('have an item in every store view of their websites, active or not', async () => {
    await shop.add(1, { sku: 'everywhere' });
    await shop.add(2, { sku: 'europe', websites: [2] });
    await shop.add(3, { sku: 'nowhere', websites: [] });
    const { items, failures } = await shop.collect(1, 2, 3);
    expect(failures).toEqual([]);
    expect(
      (items as Product[]).map((item) => [
        item.sku,
        item.storeViewCode,
        item.storeCode,
        item.websiteCode,
      ]),
    ).toEqual([
      ['everywhere', 'default', 'main', 'base'],
      ['everywhere', 'us', 'main', 'base'],
      ['everywhere', 'eu_en', 'europe', 'eu'],
      ['europe', 'eu_en', 'europe', 'eu'],
    ]);
  });

  test('that are gone yield nothing', async () => {
    expect(await shop.collect(999)).toEqual({ items: [], failures: [], warnings: [] });
  });

  test('take a value of the store view, even NULL, before the default one', async () => {
    const values = { status: 1, name: 'Name', 'name@1': 'Own', 'name@2': null, meta_title: '' };
    await shop.add(5, { values });
    expect(await shop.item(5, 'default')).toMatchObject({ name: 'Own', metaTitle: '' });
    expect((await shop.item(5, 'us')).name).toBeUndefined();
    expect(await shop.item(5, 'eu_en')).toMatchObject({ name: 'Name' });
  });

  test('know null from absent', async () => {
    await shop.add(6);
    expect(JSON.parse(JSON.stringify(await shop.item(6)))).toEqual({
      sku: 'P-6',
      storeViewCode: 'default',
      storeCode: 'main',
      websiteCode: 'base',
      productId: 6,
      type: 'simple',
      status: 'Enabled',
      taxClassId: 'no',
      createdAt: '2026-11-21 22:35:13',
      updatedAt: '2026-11-21 22:36:30',
      visibility: 'Not Visible Individually',
      weightUnit: null,
      currency: 'USD',
      displayable: false,
      buyable: false,
      attributes: null,
      categoryData: null,
      media_gallery: null,
      optionsV2: null,
      shopperInputOptions: null,
      samples: null,
      images: null,
      videos: null,
      links: null,
      parents: null,
      inStock: false,
      lowStock: false,
      url: 'http://shop.test/catalog/product/view/id/6/s//',
      urlRewrites: null,
      variants: null,
    });
  });

  test('are displayable when they are enabled and visible by themselves', async () => {
    const visible = [
      [null, 'Not Visible Individually', false],
      [1, 'Not Visible Individually', false],
      [2, 'Catalog', true],
      [3, 'Search', true],
      [4, 'Catalog, Search', true],
      [5, undefined, false],
    ] as const;
    for (const [at, [value, visibility, displayable]] of visible.entries()) {
      await shop.add(10 + at, { values: { status: 1, visibility: value } });
      const item = await shop.item(10 + at);
      expect([item.visibility, item.displayable]).toEqual([visibility, displayable]);
    }
    await shop.add(16, { values: { status: 2, visibility: 4 } });
    expect(await shop.item(16)).toMatchObject({ status: 'Disabled', displayable: false });
  });

  test('without a status are disabled, as long as they have any main value', async () => {
    await shop.add(20, { values: { name: 'Just a name' } });
    expect(await shop.item(20)).toMatchObject({ status: 'Disabled' });
    await shop.add(21, { values: { name: 'A name', 'status@1': null } });
    expect(await shop.item(21)).toMatchObject({ status: 'Disabled' });
  });

  test('fail where they have no main value, or a status that is none', async () => {
    await shop.add(22, { values: { motto: 'Not a main value' } });
    await shop.add(23, { values: { status: 1, 'status@2': 0 } });
    await shop.add(24, { values: { 'name@3': 'Only in eu_en' } });
    const { items, failures } = await shop.collect(22, 23, 24);
    expect(failures.map(({ sourceId, identity }) => [sourceId, identity])).toEqual([
      [22, ['P-22', 'default']],
      [22, ['P-22', 'us']],
      [22, ['P-22', 'eu_en']],
      [23, ['P-23', 'us']],
      [24, ['P-24', 'default']],
      [24, ['P-24', 'us']],
    ]);
    expect(failures.every(({ code }) => code === 'CDE01-23')).toBe(true);
    expect((items as Product[]).map((item) => `${item.sku} ${item.storeViewCode}`)).toEqual([
      'P-23 default',
      'P-23 eu_en',
      'P-24 eu_en',
    ]);
  });

  test('carry weight, currency, tax class and price view as the store view has them', async () => {
    const values = { status: 1, weight: '2.500000', tax_class_id: 2, price_view: 1 };
    await shop.add(30, { values: { ...values, 'price_view@2': 9, 'tax_class_id@2': 77 } });
    expect(await shop.item(30)).toMatchObject({
      weight: 2.5,
      weightUnit: 'lbs',
      currency: 'USD',
      taxClassId: 'Goods',
      priceView: 'as_low_as',
    });
    expect(await shop.item(30, 'eu_en')).toMatchObject({ weightUnit: 'kgs', currency: 'EUR' });
    const other = await shop.item(30, 'us');
    expect([other.taxClassId, other.priceView]).toEqual(['no', undefined]);
  });

  test('are fixed-price bundles when any scope says so', async () => {
    await shop.add(31, { type: 'bundle', values: { status: 1, 'price_type@3': 1 } });
    await shop.add(32, { type: 'bundle', values: { status: 1, price_type: 0 } });
    await shop.add(33, { type: 'simple', values: { status: 1, price_type: 1 } });
    await shop.add(34, { type: 'unheard_of' });
    const types = [31, 32, 33, 34].map(async (id) => (await shop.item(id)).type);
    expect(await Promise.all(types)).toEqual(['bundle_fixed', 'bundle', 'simple', 'unheard_of']);
  });

  test('replace dates of zeros by the time of the export where the shop is', async () => {
    const columns = { created_at: '0000-00-00 00:00:00' };
    await shop.add(35, { columns });
    expect((await shop.item(35)).createdAt).toBe('2026-11-21 23:40:09');
  });

  test('resolve directives in both descriptions, in the scope of the admin', async () => {
    const text = '<img src="{{media url=a.png}}">';
    const values = { status: 1, description: text, short_description: '{{media}}' };
    await shop.add(36, { values });
    expect(await shop.item(36, 'eu_en')).toMatchObject({
      description: '<img src="http://shop.test/media/a.png">',
      shortDescription: "We're sorry, an error has occurred while generating this content.",
    });
  });

  test('hash the same whatever their date of update', async () => {
    const hashes = async (): Promise<string[]> =>
      preparePage(products, await shop.collect(6)).items.map(({ hash }) => hash);
    const before = await hashes();
    await shop.shop.run(`UPDATE {catalog_product_entity} SET updated_at = '2027-01-01' `);
    expect(await hashes()).toEqual(before);
  });

  test('conform to the contract', async () => {
    const { items } = await shop.shop.collect(products);
    const validate = feedValidator(products);
    const sent = items.map((item) => ({
      ...item,
      deleted: false,
      modifiedAt: '2026-11-21 22:40:05',
    }));
    expect(items.length).toBeGreaterThan(50);
    expect(sent.flatMap((item) => validate(item))).toEqual([]);
  });
});

test('a shop without bundles, downloadables, videos, swatches and stocks has products all the same', async () => {
  const shop = await ProductShop.create('open-source', { modules: false });
  await shop.add(1, { type: 'configurable', values: { status: 1, name: 'Bare' } });
  await shop.add(2, { type: 'downloadable' });
  expect(await shop.item(1)).toMatchObject({ name: 'Bare', optionsV2: null });
  expect((await shop.item(2)).optionsV2).toHaveLength(1);
  await shop.close();
});
