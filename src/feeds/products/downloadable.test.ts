import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ProductShop } from '../../../test/product-shop.js';
import { asciiJson } from './downloadable-entries.js';

test('JSON is written as PHP does, in ASCII', () => {
  expect(asciiJson({ a: 'x/ü', b: '日🎈"', c: 6, d: 2.5, e: null })).toBe(
    String.raw`{"a":"x\/\u00fc","b":"\u65e5\ud83c\udf88\"","c":6,"d":2.5,"e":null}`,
  );
});

describe.each(['open-source', 'commerce'] as const)('downloadable products (%s)', (edition) => {
  let shop: ProductShop;
  beforeAll(async () => {
    shop = await ProductShop.create(edition);
    const values = { status: 1, links_title: 'Files', 'links_title@2': 'Archivos' };
    await shop.add(1, {
      type: 'downloadable',
      values: { ...values, links_purchased_separately: 1 },
    });
    const link = { product_id: shop.link(1), number_of_downloads: 0 };
    await shop.insert(
      'downloadable_link',
      { ...link, link_id: 5, sort_order: 2, sample_url: null, sample_file: '' },
      { ...link, link_id: 4, sort_order: 2, sample_url: null, sample_file: null },
      {
        product_id: shop.link(1),
        number_of_downloads: null,
        link_id: 6,
        sort_order: 1,
        sample_url: 'http://s.test',
        sample_file: null,
      },
    );
    await shop.insert(
      'downloadable_link_title',
      { link_id: 4, store_id: 0, title: 'Four' },
      { link_id: 4, store_id: 2, title: 'Cuatro' },
      { link_id: 5, store_id: 0, title: 'Five' },
    );
    await shop.insert(
      'downloadable_link_price',
      { link_id: 4, website_id: 0, price: '4.000000' },
      { link_id: 5, website_id: 0, price: '5.000000' },
      { link_id: 5, website_id: 2, price: '5.500000' },
      { link_id: 5, website_id: 2, price: '5.750000' },
    );
    const sample = { product_id: shop.link(1) };
    await shop.insert(
      'downloadable_sample',
      { ...sample, sample_id: 8, sort_order: 10 },
      { ...sample, sample_id: 7, sort_order: 9 },
    );
    await shop.insert(
      'downloadable_sample_title',
      { sample_id: 7, store_id: 0, title: 'Intro' },
      { sample_id: 7, store_id: 2, title: 'Música / ♪' },
    );
  });
  afterAll(() => shop.close());

  test('list their links by position, with prices of the website', async () => {
    const [option] = (await shop.item(1)).optionsV2 ?? [];
    expect(option).toMatchObject({ id: 'link:1', label: 'Files', type: 'downloadable' });
    expect(
      option?.values?.map(({ id, label, price, qty, infoUrl }) => [
        Buffer.from(id, 'base64').toString(),
        label,
        price,
        qty,
        infoUrl,
      ]),
    ).toEqual([
      ['downloadable/6', null, 0, 0, 'http://shop.test/downloadable/download/linkSample/link_id/6'],
      ['downloadable/4', 'Four', 4, 0, null],
      [
        'downloadable/5',
        'Five',
        5,
        0,
        'http://shop.test/downloadable/download/linkSample/link_id/5',
      ],
    ]);
  });

  test('take labels of the item’s own store view', async () => {
    const [option] = (await shop.item(1, 'us')).optionsV2 ?? [];
    expect(option?.label).toBe('Archivos');
    expect(option?.values?.[1]?.label).toBe('Cuatro');
  });

  test('repeat a link for each price of the website', async () => {
    const item = await shop.item(1, 'eu_en');
    expect(item.optionsV2?.[0]?.values?.map(({ price }) => price)).toEqual([0, 4, 5.5, 5.75]);
  });

  test('list their samples, and all once more as JSON', async () => {
    const item = await shop.item(1, 'us');
    const url = 'http://shop.test/downloadable/download/sample/sample_id';
    expect(item.samples).toEqual([
      { resource: { url: `${url}/7`, label: 'Música / ♪', roles: null }, sortOrder: '9' },
      { resource: { url: `${url}/8`, label: null, roles: null }, sortOrder: '10' },
    ]);
    const text = item.attributes?.at(-1)?.value?.[0] ?? '';
    expect(text).toContain(String.raw`"label":"M\u00fasica \/ \u266a"`);
    expect(JSON.parse(text)).toEqual({
      purchase_separately: true,
      samples: [
        { label: 'Música / ♪', url: `${url}/7` },
        { label: null, url: `${url}/8` },
      ],
      links: [
        {
          uid: 'ZG93bmxvYWRhYmxlLzY=',
          label: 'Link 0',
          price: 0,
          number_of_downloads: 0,
          sample_url: 'http://shop.test/downloadable/download/linkSample/link_id/6',
        },
        {
          uid: 'ZG93bmxvYWRhYmxlLzQ=',
          label: 'Cuatro',
          price: 4,
          number_of_downloads: 0,
          sample_url: null,
        },
        {
          uid: 'ZG93bmxvYWRhYmxlLzU=',
          label: 'Five',
          price: 5,
          number_of_downloads: 0,
          sample_url: 'http://shop.test/downloadable/download/linkSample/link_id/5',
        },
      ],
    });
  });

  test('have option and JSON also without links', async () => {
    await shop.add(2, { type: 'downloadable' });
    const item = await shop.item(2);
    expect(item.optionsV2).toEqual([{ id: 'link:2', type: 'downloadable', values: null }]);
    expect(item.attributes).toEqual([
      {
        attributeCode: 'ac_downloadable',
        value: ['{"purchase_separately":false,"samples":[],"links":[]}'],
      },
    ]);
  });

  test('are not the only ones with samples', async () => {
    await shop.add(3, { type: 'virtual' });
    await shop.insert('downloadable_sample', {
      sample_id: 20,
      product_id: shop.link(3),
      sort_order: 0,
    });
    const item = await shop.item(3);
    expect(item.samples).toHaveLength(1);
    expect([item.optionsV2, item.attributes]).toEqual([null, null]);
  });
});
