import { hash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { attributeId, ProductShop } from '../../../test/product-shop.js';

const MEDIA = 'http://shop.test/media/catalog/product';

describe.each(['open-source', 'commerce'] as const)('media (%s)', (edition) => {
  let shop: ProductShop;
  let nextId = 1;
  beforeAll(async () => {
    shop = await ProductShop.create(edition);
  });
  afterAll(() => shop.close());

  /** Adds a file to a product's gallery; values by store id, each with what it sets. */
  const addFile = async (
    productId: number,
    file: string,
    values: Readonly<Record<number, Readonly<Record<string, string | number | null>>>>,
    mediaType = 'image',
  ): Promise<number> => {
    const valueId = nextId++;
    const link = { value_id: valueId, [shop.linkColumn]: shop.link(productId) };
    await shop.insert('catalog_product_entity_media_gallery', {
      value_id: valueId,
      attribute_id: attributeId('media_gallery'),
      value: file,
      media_type: mediaType,
      disabled: 1,
    });
    await shop.insert('catalog_product_entity_media_gallery_value_to_entity', link);
    for (const [storeId, columns] of Object.entries(values)) {
      await shop.insert('catalog_product_entity_media_gallery_value', {
        ...link,
        store_id: Number(storeId),
        ...columns,
      });
    }
    return valueId;
  };

  test('names the roles of a file, and hides what is hidden', async () => {
    await shop.add(1, { values: { status: 1, image: '/a.png', swatch_image: '/a.png' } });
    await addFile(1, '/a.png', { 0: { label: 'A', position: 3, disabled: 1 } });
    const item = await shop.item(1);
    const url = `${MEDIA}/a.png`;
    expect(item.media_gallery).toEqual([
      { url, label: 'A', types: ['image', 'swatch_image'], sort_order: 3 },
    ]);
    expect(item.images).toEqual([
      {
        resource: { url, label: 'A', roles: ['image', 'swatch_image', 'hide_from_pdp'] },
        sortOrder: '3',
      },
    ]);
    expect(item.videos).toBeNull();
  });

  test('falls back from store view to default column by column', async () => {
    await shop.add(2, { values: { status: 1, small_image: '/x', 'small_image@2': '/b.png' } });
    await addFile(2, '/b.png', {
      0: { label: 'Default', position: 4 },
      2: { label: null, position: 9 },
    });
    expect((await shop.item(2, 'us')).media_gallery).toMatchObject([
      { label: 'Default', sort_order: 9, types: ['small_image'] },
    ]);
    expect((await shop.item(2)).media_gallery).toMatchObject([
      { label: 'Default', sort_order: 4, types: null },
    ]);
  });

  test('has label, position and roles also where no row says any', async () => {
    await shop.add(3);
    await addFile(3, '/c.png', {});
    const item = await shop.item(3);
    expect(item.media_gallery).toMatchObject([{ label: '', types: null, sort_order: 0 }]);
    expect(item.images).toMatchObject([{ resource: { label: '', roles: null }, sortOrder: '0' }]);
  });

  test('lets the last of several rows for one store view count', async () => {
    await shop.add(4);
    const valueId = await addFile(4, '/d.png', { 0: { label: 'First', position: 1 } });
    await shop.insert('catalog_product_entity_media_gallery_value', {
      value_id: valueId,
      [shop.linkColumn]: shop.link(4),
      store_id: 0,
      label: 'Last',
      position: 1,
    });
    expect((await shop.item(4)).media_gallery).toMatchObject([{ label: 'Last' }]);
  });

  test('is ordered by a hash of store view, product, position and file', async () => {
    await shop.add(5);
    for (const at of [1, 2, 3, 4]) await addFile(5, `/${at}.png`, { 0: { position: at } });
    await addFile(5, '/5.png', { 0: { position: null } });
    for (const code of ['default', 'us', 'eu_en']) {
      const item = await shop.item(5, code);
      const keys = (item.media_gallery ?? []).map(({ url, sort_order }) =>
        hash(
          'sha1',
          `${code}-5-${sort_order === 0 ? '' : sort_order}-${url.slice(url.lastIndexOf('/'))}`,
        ),
      );
      expect(keys).toHaveLength(5);
      expect(keys).toEqual([...keys].sort());
    }
  });

  test('shows videos with a preview; empty columns are null', async () => {
    await shop.add(6);
    const valueId = await addFile(6, '/v.png', { 0: { position: 1 } }, 'external-video');
    await addFile(6, '/w.png', { 0: { position: 2 } }, 'external-video');
    await shop.insert(
      'catalog_product_entity_media_gallery_value_video',
      { value_id: valueId, store_id: 0, url: 'http://v.test', title: 'Default', metadata: '0' },
      { value_id: valueId, store_id: 2, url: null, title: 'Own', metadata: '' },
    );
    const video = {
      videoProvider: null,
      videoUrl: 'http://v.test',
      videoTitle: 'Own',
      videoDescription: null,
      videoMetadata: null,
      mediaType: 'external-video',
    };
    const item = await shop.item(6, 'us');
    expect(item.images).toBeNull();
    const [first, second] = [...(item.videos ?? [])].sort((a, b) =>
      a.sortOrder < b.sortOrder ? -1 : 1,
    );
    expect(first).toEqual({
      preview: { url: `${MEDIA}/v.png`, label: '', roles: null },
      video,
      sortOrder: '1',
    });
    expect(second).not.toHaveProperty('video');
    expect(item.media_gallery?.find(({ url }) => url.endsWith('v.png'))).toEqual({
      url: `${MEDIA}/v.png`,
      label: '',
      types: null,
      sort_order: 1,
      video_attributes: video,
    });
  });

  test('gives the picture of a role whatever the value says', async () => {
    const values = { status: 1, image: 'no_selection', image_label: 'Label', small_image: '' };
    await shop.add(7, { values: { ...values, 'image@2': null, swatch_image: '/s.png' } });
    const item = await shop.item(7);
    expect(item.image).toEqual({ url: `${MEDIA}no_selection`, label: 'Label' });
    expect(item.smallImage).toEqual({ url: MEDIA, label: null });
    expect(item.swatchImage).toEqual({ url: `${MEDIA}/s.png`, label: null });
    expect(item.thumbnail).toBeUndefined();
    expect((await shop.item(7, 'us')).image).toBeUndefined();
    expect((await shop.item(7, 'eu_en')).image?.url).toBe(
      'http://eu.test/media/catalog/productno_selection',
    );
  });
});
