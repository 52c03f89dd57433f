import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { RecordingGate } from '../../../test/recording-gate.js';
import { ServiceDouble } from '../../../test/service-double.js';
import type { FeedName } from '../../feeds/names.js';
import { pathOf, sendingRoute, type CatalogPreset } from '../../feeds/routes.js';
import { Deliverer, type Decided } from '../deliverer.js';
import { createDispatcher } from '../dispatcher.js';
import { fixedKey } from '../key-source.js';
import { HttpPublisher } from '../publisher.js';
import { SignedCredentials } from '../signed-credentials.js';
import { catalogFormat } from './catalog-format.js';

const format = (preset: CatalogPreset) =>
  catalogFormat(preset, {
    localeOf: (view) => ({ default: 'en-US', german: 'de-DE' })[view] ?? view,
    currencyOf: (website) => (website === 'base' ? 'USD' : undefined),
  });

function mapped(feed: FeedName, item: object, preset: CatalogPreset = 'commerce-optimizer') {
  const { operation, texts } = format(preset)(feed, JSON.stringify(item));
  return { operation, items: texts.map((text) => JSON.parse(text) as unknown) };
}

describe('a product', () => {
  const product = {
    sku: 'SHIRT-RED',
    storeViewCode: 'german',
    productId: 7,
    name: 'Hemd, rot',
    urlKey: 'hemd-rot',
    status: 'Enabled',
    visibility: 'Catalog, Search',
    description: '<p>Ein Hemd</p>',
    metaTitle: 'Hemd',
    metaKeyword: 'hemd, rot\nbaumwolle',
    inStock: true,
    lowStock: false,
    weight: 1.5,
    attributes: [
      { attributeCode: 'color', value: ['Rot'] },
      { attributeCode: 'sizes', value: ['S', 'M'] },
      { attributeCode: 'empty' },
    ],
    images: [
      {
        resource: { url: 'https://shop/a.jpg', label: null, roles: ['image', 'hide_from_pdp'] },
        sortOrder: '1',
      },
    ],
    links: [{ sku: 'TIE', type: 'related' }],
    parents: [
      { sku: 'SHIRT', productType: 'configurable' },
      { sku: 'SET', productType: 'grouped' },
    ],
    categoryData: [{ categoryId: '3', categoryPath: 'men/shirts', productPosition: 2 }],
    optionsV2: null,
    deleted: false,
    modifiedAt: '2026-11-22 10:00:00',
  };

  test('has the shape of the catalog, in the locale of its store view', () => {
    expect(mapped('products', product)).toEqual({
      operation: 'upsert',
      items: [
        {
          sku: 'SHIRT-RED',
          source: { locale: 'de-DE' },
          name: 'Hemd, rot',
          slug: 'hemd-rot',
          status: 'ENABLED',
          description: '<p>Ein Hemd</p>',
          visibleIn: ['CATALOG', 'SEARCH'],
          metaTags: { title: 'Hemd', keywords: ['hemd', 'rot', 'baumwolle'] },
          attributes: [
            {
              code: 'aco_ac_attributes',
              values: ['{"inStock":true,"lowStock":false,"weight":1.5}'],
            },
            { code: 'color', values: ['Rot'], variantReferenceId: 'color/Rot' },
            { code: 'sizes', values: ['S', 'M'] },
          ],
          images: [{ url: 'https://shop/a.jpg', roles: ['BASE'], customRoles: ['hide_from_pdp'] }],
          links: [
            { type: 'RELATED', sku: 'TIE' },
            { type: 'VARIANT_OF', sku: 'SHIRT' },
          ],
          routes: [{ path: 'men/shirts', position: 2 }],
          externalIds: [{ id: '7', origin: 'AdobeCommerce' }],
        },
      ],
    });
  });

  test('with options has configurations, whose values its variants refer to', () => {
    const value = { label: 'Rot', isDefault: true, colorHex: '#f00', imageUrl: null };
    const option = { id: 'color', label: 'Farbe', type: 'configurable', swatchType: '{}' };
    const { items } = mapped('products', {
      ...product,
      optionsV2: [{ ...option, values: [value] }],
    });
    expect(items[0]).toMatchObject({
      configurations: [
        {
          attributeCode: 'color',
          label: 'Farbe',
          type: 'SWATCH',
          defaultVariantReferenceId: 'color/Rot',
          values: [{ variantReferenceId: 'color/Rot', label: 'Rot', colorHex: '#f00' }],
        },
      ],
    });
  });

  test('that is a bundle has its items', () => {
    const values = [{ label: 'Tie', sku: 'TIE', qty: 2, isDefault: true, qtyMutability: false }];
    const option = {
      id: '1',
      label: 'Extras',
      type: 'bundle',
      required: false,
      renderType: 'multi',
    };
    const { items } = mapped('products', { ...product, optionsV2: [{ ...option, values }] });
    expect(items[0]).toMatchObject({
      bundles: [
        {
          group: 'Extras',
          required: false,
          multiSelect: true,
          defaultItemSkus: ['TIE'],
          items: [{ sku: 'TIE', qty: 2, userDefinedQty: false }],
        },
      ],
    });
  });

  test('without name and URL key is known by its SKU, for both are required', () => {
    const { items } = mapped('products', {
      sku: 'A',
      storeViewCode: 'default',
      status: 'Disabled',
    });
    expect(items[0]).toMatchObject({ name: 'A', slug: 'A', status: 'DISABLED' });
  });

  test('that is deleted goes to another route, or as an item in the first generation', () => {
    const deletion = { sku: 'A', storeViewCode: 'default', deleted: true };
    const keys = { sku: 'A', source: { locale: 'en-US' } };
    expect(mapped('products', deletion)).toEqual({ operation: 'delete', items: [keys] });
    expect(mapped('products', deletion, 'composable-catalog')).toEqual({
      operation: 'upsert',
      items: [{ ...keys, deleted: true }],
    });
  });
});

test('a product attribute is metadata', () => {
  const attribute = {
    attributeCode: 'color',
    storeViewCode: 'default',
    label: 'Color',
    dataType: 'int',
    frontendInput: 'select',
    boolean: false,
    visible: true,
    visibleInListing: true,
    visibleInSearch: false,
    visibleInCompareList: true,
    filterable: false,
    filterableInSearch: true,
    sortable: false,
    searchable: true,
    searchWeight: 3,
  };
  expect(mapped('productAttributes', attribute).items).toEqual([
    {
      code: 'color',
      source: { locale: 'en-US' },
      label: 'Color',
      dataType: 'TEXT',
      visibleIn: ['PRODUCT_DETAIL', 'PRODUCT_LISTING', 'PRODUCT_COMPARE'],
      filterable: true,
      sortable: false,
      searchable: true,
      searchWeight: 3,
      searchTypes: ['AUTOCOMPLETE'],
    },
  ]);
});

test('a category is known by its path, and one without a path is not sent', () => {
  const category = { storeViewCode: 'default', urlPath: 'men/shirts', name: 'Shirts' };
  expect(mapped('categories', category).items).toEqual([
    { slug: 'men/shirts', source: { locale: 'en-US' }, name: 'Shirts' },
  ]);
  expect(mapped('categories', { ...category, urlPath: '' }).items).toEqual([]);
});

test('websites and customer groups are price books, one below the other', () => {
  expect(mapped('scopesWebsite', { websiteCode: 'base', stores: [] }).items).toEqual([
    { priceBookId: 'base', name: 'base', currency: 'USD' },
  ]);
  const group = { customerGroupId: '2', customerGroupCode: 'da4b', websites: ['base', 'b2b'] };
  expect(mapped('scopesCustomerGroup', group).items).toEqual([
    { priceBookId: 'base:da4b', name: 'base, customer group 2', parentId: 'base' },
    { priceBookId: 'b2b:da4b', name: 'b2b, customer group 2', parentId: 'b2b' },
  ]);
  expect(mapped('scopesCustomerGroup', { ...group, deleted: true })).toEqual({
    operation: 'delete',
    items: [{ priceBookId: 'base:da4b' }, { priceBookId: 'b2b:da4b' }],
  });
});

test('a price belongs to the price book of its website and group', () => {
  const price = {
    sku: 'A',
    websiteCode: 'base',
    customerGroupCode: '0',
    regular: 34,
    discounts: [{ code: 'group', price: 30 }],
    tierPrices: [{ qty: 10, percentage: 5 }],
  };
  expect(mapped('prices', price).items).toEqual([
    {
      sku: 'A',
      priceBookId: 'base',
      regular: 34,
      discounts: [{ code: 'group', price: 30 }],
      tierPrices: [{ qty: 10, percentage: 5 }],
    },
  ]);
  expect(mapped('prices', { ...price, customerGroupCode: 'da4b' }).items).toMatchObject([
    { priceBookId: 'base:da4b' },
  ]);
});

describe('a batch of upserts and deletions', () => {
  let service: ServiceDouble;
  let deliverer: Deliverer;
  beforeEach(async () => {
    service = await ServiceDouble.start();
    deliverer = new Deliverer({
      publisher: new HttpPublisher({
        serviceUrl: service.url,
        route: (feed, operation) => {
          const preset = 'commerce-optimizer';
          const route = sendingRoute({ preset, feed, operation, feedForm: false });
          return route === undefined ? undefined : pathOf(route, 'tenant');
        },
        credentials: new SignedCredentials({
          apiKey: fixedKey('key'),
          privateKey: undefined,
          clock: () => new Date(),
        }),
        dispatcher: createDispatcher({ timeoutSeconds: 5 }),
        commerceEdition: 'ce',
        commerceVersion: '2.4.7',
        codeVersion: '1.0.0',
      }),
      gate: new RecordingGate(),
      format: format('commerce-optimizer'),
      clock: () => new Date(),
    });
  });
  afterEach(async () => {
    await deliverer.close();
    await service.close();
  });

  test('goes to two routes, and what comes back is merged by item', async () => {
    service.reply = ({ path, items }) => {
      const bad = path.endsWith('/delete') ? 'D' : 'B';
      const itemIndex = items.findIndex((item) => item['sku'] === bad);
      if (itemIndex === -1) return {};
      const errors = [{ itemIndex, code: 'sku', message: 'unknown' }];
      return { status: 400, body: { status: 'FAILED', errors } };
    };
    const item = (sku: string, deleted: boolean): string =>
      JSON.stringify({ sku, storeViewCode: 'default', deleted });
    const decided = await deliver('products', [
      item('A', false),
      item('C', true),
      item('B', false),
      item('D', true),
      item('E', false),
    ]);
    expect(decided.map(({ outcome }) => outcome.status)).toEqual([200, 200, 1, 1, 200]);
    expect(new Set(service.requests.map(({ path }) => path))).toEqual(
      new Set(['/tenant/v1/catalog/products', '/tenant/v1/catalog/products/delete']),
    );
  });

  test('blames the customer group one of whose price books is refused', async () => {
    service.reply = ({ items }) => {
      const at = items.findIndex((item) => item['priceBookId'] === 'b2b:2');
      return at === -1
        ? {}
        : { status: 400, body: { errors: [{ itemIndex: at, message: 'no parent' }] } };
    };
    const groups = ['1', '2', '3'].map((customerGroupCode) =>
      JSON.stringify({ customerGroupCode, websites: ['base', 'b2b'], deleted: false }),
    );
    const decided = await deliver('scopesCustomerGroup', groups);
    expect(decided.map(({ outcome }) => outcome.status)).toEqual([200, 1, 200]);
  });

  async function deliver(feed: FeedName, items: readonly string[]): Promise<Decided[]> {
    const decided: Decided[] = [];
    await deliverer.deliver({
      feed,
      items,
      priority: 'full',
      signal: new AbortController().signal,
      beforeRequest: () => Promise.resolve(),
      onAnswer: () => undefined,
      onDecided: (some) => Promise.resolve(void decided.push(...some)),
    });
    return decided.sort((a, b) => a.item - b.item);
  }
});
