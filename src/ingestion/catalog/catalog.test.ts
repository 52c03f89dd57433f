import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ENVIRONMENT, TestIngestion, type Posted } from '../../../test/ingestion.js';

const source = { locale: 'en-US' };
const product = (sku: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  sku,
  source,
  name: sku.toUpperCase(),
  slug: sku,
  status: 'ENABLED',
  attributes: [{ code: 'color', values: ['red'] }],
  ...more,
});

interface Item {
  readonly sku: string;
}

let ingestion: TestIngestion;
let numbers = 0;
let sku: string;

beforeAll(async () => {
  ingestion = await TestIngestion.start();
});

beforeEach(() => {
  sku = `sku-${(numbers += 1)}`;
});

afterAll(() => ingestion.close());

const post = (path: string, body: unknown): Promise<Posted> =>
  ingestion.post(`${ENVIRONMENT}/v1/catalog/${path}`, body);
const patch = (path: string, body: unknown): Promise<Posted> =>
  ingestion.post(`${ENVIRONMENT}/v1/catalog/${path}`, body, {}, 'PATCH');
const held = (name: string): Promise<unknown[]> => ingestion.items(name);

const SAMPLES: readonly [string, string, Record<string, unknown>, Record<string, unknown>][] = [
  ['products', 'catalogProducts', product('a'), { sku: 'a', source }],
  [
    'products/metadata',
    'catalogMetadata',
    { code: 'color', source, label: 'Color', dataType: 'TEXT', visibleIn: ['PRODUCT_DETAIL'] },
    { code: 'color', source },
  ],
  [
    'products/layers',
    'catalogLayers',
    { sku: 'a', source: { locale: 'en-US', layer: 'summer' }, name: 'A' },
    { sku: 'a', source: { locale: 'en-US', layer: 'summer' } },
  ],
  [
    'categories',
    'catalogCategories',
    { slug: 'men/tops', source, name: 'Tops' },
    { slug: 'men/tops', source },
  ],
  [
    'price-books',
    'catalogPriceBooks',
    { priceBookId: 'main', name: 'Main', currency: 'USD' },
    { priceBookId: 'main' },
  ],
  [
    'products/prices',
    'catalogPrices',
    { sku: 'a', priceBookId: 'main', regular: 1.5, discounts: [{ code: 'x', percentage: 5 }] },
    { sku: 'a', priceBookId: 'main' },
  ],
];

describe.each(SAMPLES)('%s', (path, collection, item, key) => {
  test('are taken, kept as they came, and deleted on a route of their own', async () => {
    expect(await post(path, [item])).toMatchObject({
      status: 200,
      body: { status: 'ACCEPTED', acceptedCount: 1 },
    });
    expect(await held(collection)).toContainEqual(item);
    expect((await post(`${path}/delete`, [key])).status).toBe(200);
    expect(await held(collection)).not.toContainEqual(item);
    expect(await ingestion.items(collection, '&deleted=include')).toContainEqual(key);
    expect((await post(path, [item])).status).toBe(200);
    expect(await held(collection)).toContainEqual(item);
  });

  test('without their key are refused', async () => {
    const name = Object.keys(key)[0]!;
    const { [name]: _key, ...rest } = item;
    for (const route of [path, `${path}/delete`]) {
      const { status, body } = await post(route, [rest]);
      expect(status).toBe(400);
      const { errors } = body as { errors: unknown[] };
      expect(errors).toContainEqual({ itemIndex: 0, code: name, message: `${name} is required` });
    }
  });
});

describe('the composable catalog', () => {
  test.each([
    `api/v1/catalog/products/${ENVIRONMENT}`,
    `${ENVIRONMENT}/api/v1/catalog/products`,
    `api/v1/catalog/products/metadata/${ENVIRONMENT}`,
    `${ENVIRONMENT}/api/v1/catalog/products/metadata`,
    `${ENVIRONMENT}/api/v1/catalog/price-books`,
    `${ENVIRONMENT}/api/v1/catalog/products/prices`,
  ])('has the route %s', async (path) => {
    expect(await ingestion.post(path, [])).toMatchObject({
      status: 200,
      body: { status: 'ACCEPTED', acceptedCount: 0 },
    });
  });

  test('takes the locale as scope or as source, and deletions as items', async () => {
    const path = `${ENVIRONMENT}/api/v1/catalog/products`;
    const { source: _source, ...rest } = product(sku);
    expect((await ingestion.post(path, [{ ...rest, scope: source }])).status).toBe(200);
    expect((await ingestion.post(path, [product(sku)])).status).toBe(200);
    const same = (await held('catalogProducts')).filter(
      (item) => (item as { sku: string }).sku === sku,
    );
    expect(same).toEqual([product(sku)]);
    expect((await ingestion.post(path, [{ sku, source, deleted: true }])).status).toBe(200);
    expect(await held('catalogProducts')).not.toContainEqual(product(sku));
  });
});

describe('a request of the catalog', () => {
  test('with one wrong item is refused whole, and each wrong one is named', async () => {
    const answer = await post('products', [
      product(sku),
      product('wrong', { status: 'active' }),
      { sku: 'wrong', source },
    ]);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        status: 'FAILED',
        message: '2 of 3 items are invalid; none was accepted.',
        errors: [
          {
            itemIndex: 1,
            code: 'status',
            message: 'status must be "ENABLED" or "DISABLED"',
            value: 'active',
          },
          { itemIndex: 2, code: 'name', message: 'name is required' },
          { itemIndex: 2, code: 'slug', message: 'slug is required' },
          { itemIndex: 2, code: 'status', message: 'status is required' },
        ],
      },
    });
    expect(await held('catalogProducts')).not.toContainEqual(product(sku));
  });

  test('with too many items is refused, and no item is named', async () => {
    const answer = await post(
      'products',
      Array.from({ length: 101 }, (_, n) => product(`${n}`)),
    );
    expect(answer).toMatchObject({
      status: 400,
      body: { status: 'FAILED', code: 'items_limit_exceeded', errors: [] },
    });
  });

  test('holds 500 prices or price books', async () => {
    const books = Array.from({ length: 500 }, (_, n) => ({ priceBookId: `book-${n}` }));
    expect((await post('price-books', books)).status).toBe(200);
    expect((await post('price-books', [...books, { priceBookId: 'more' }])).status).toBe(400);
  });

  test('with a deletion among the items belongs on the route of deletions', async () => {
    const answer = await post('products', [{ ...product(sku), deleted: true }]);
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ itemIndex: 0, code: 'deleted' }] },
    });
  });
});

describe('an update', () => {
  test('merges objects, and replaces scalars and lists', async () => {
    await post('products', [
      product(sku, { metaTags: { title: 't', description: 'd' }, extra: 1 }),
    ]);
    const update = {
      sku,
      source,
      name: 'new',
      metaTags: { title: 'new' },
      attributes: [{ code: 'size', values: ['L'] }],
    };
    expect((await patch('products', [update])).status).toBe(200);
    expect(await held('catalogProducts')).toContainEqual(
      product(sku, {
        name: 'new',
        metaTags: { title: 'new', description: 'd' },
        attributes: [{ code: 'size', values: ['L'] }],
        extra: 1,
      }),
    );
  });

  test('of one item twice in a request applies both', async () => {
    await post('products', [product(sku)]);
    await patch('products', [
      { sku, source, name: 'one', slug: 'one' },
      { sku, source, name: 'two' },
    ]);
    expect(await held('catalogProducts')).toContainEqual(
      product(sku, { name: 'two', slug: 'one' }),
    );
  });

  test('of an item that is not there, or was deleted, is refused, and all with it', async () => {
    await post('products', [product(sku), product(`${sku}-gone`)]);
    await post('products/delete', [{ sku: `${sku}-gone`, source }]);
    const answer = await patch('products', [
      { sku, source, name: 'new' },
      { sku: `${sku}-never`, source, name: 'new' },
      { sku: `${sku}-gone`, source, name: 'new' },
    ]);
    expect(answer.status).toBe(400);
    const { errors } = answer.body as { errors: { itemIndex: number }[] };
    expect(errors.map(({ itemIndex }) => itemIndex)).toEqual([1, 2]);
    expect(await held('catalogProducts')).toContainEqual(product(sku));
  });

  test('that would make an item too large for the database is refused, and the item stays', async () => {
    const half = 'x'.repeat(9 * 1024 * 1024);
    expect((await post('products', [product(sku, { half })])).status).toBe(200);
    const answer = await patch('products', [{ sku, source, otherHalf: half }]);
    expect(answer).toMatchObject({ status: 413, body: { error_code: '413000' } });
    const stays = (await held('catalogProducts')).find((item) => (item as Item).sku === sku);
    expect(stays).not.toHaveProperty('otherHalf');
    await post('products/delete', [{ sku, source }]);
  });

  test('does not know layers', async () => {
    expect((await patch('products/layers', [])).status).toBe(404);
  });

  test('updates that come at the same time are all applied', async () => {
    await post('products', [product(sku)]);
    const fields = Array.from({ length: 12 }, (_, n) => `field${n}`);
    await Promise.all(fields.map((field) => patch('products', [{ sku, source, [field]: field }])));
    const merged = Object.fromEntries(fields.map((field) => [field, field]));
    expect(await held('catalogProducts')).toContainEqual(product(sku, merged));
  });
});

test('collections of the catalog are listed where they hold something', async () => {
  const { body } = await ingestion.get('/feeds');
  const names = (body as { feeds: { feed: string }[] }).feeds.map(({ feed }) => feed);
  expect(names).toEqual(expect.arrayContaining(['products', 'catalogProducts', 'catalogPrices']));
});
