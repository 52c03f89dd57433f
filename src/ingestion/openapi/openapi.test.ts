import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ENVIRONMENT, TestIngestion } from '../../../test/ingestion.js';
import { allFeeds } from '../../feeds/registry.js';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

interface Body {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let ingestion: TestIngestion;
let document: Document;

beforeAll(async () => {
  ingestion = await TestIngestion.start({ clients: { client: 'secret' } });
  document = await openApi(ingestion);
});

afterAll(() => ingestion.close());

async function openApi({ service }: TestIngestion): Promise<Document> {
  const response = await fetch(`${service.url}/openapi.json`);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return (await response.json()) as Document;
}

const operations = (): [string, string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
      path,
      method,
      operation,
    ]),
  );

describe('the description of the API', () => {
  test('is valid OpenAPI 3.1', () => {
    // The schema that the OpenAPI Initiative publishes (Apache 2.0).
    const file = new URL('../../../test/openapi-3.1.schema.json', import.meta.url);
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    const check = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
    check(document);
    expect(check.errors ?? []).toEqual([]);
  });

  test('has schemas that are schemas, and no reference that leads nowhere', () => {
    const { schemas } = document.components;
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const [name, schema] of Object.entries(schemas)) {
      expect(ajv.validateSchema(schema), name).toBe(true);
    }
    const references = [
      ...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g),
    ];
    expect(references.length).toBeGreaterThan(100);
    for (const [, name = ''] of references) expect(Object.keys(schemas)).toContain(name);
  });

  test('names each operation once, and all parameters of its path', () => {
    const ids = operations().map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, , { parameters = [] }] of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      expect(described.toSorted(), path).toEqual(inPath.toSorted());
    }
  });

  test('has the routes of all generations and feeds, of reading and of webhooks', () => {
    const paths = Object.keys(document.paths);
    expect(paths).toEqual(
      expect.arrayContaining([
        '/feeds/catalog/v2/products/{environment}',
        '/feeds/v2/products/{environment}',
        '/feeds/orders/v1/{environment}',
        '/api/v1/catalog/products/metadata/{environment}',
        '/{environment}/api/v1/catalog/price-books/delete',
        '/{environment}/v1/catalog/products/layers',
        '/v1/environments/{environment}/changes',
        '/v1/environments/{environment}/webhooks/{id}',
        '/ims/token/v3',
      ]),
    );
    for (const { name } of allFeeds()) {
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
  });

  test('has the routes that are served, and no others', async () => {
    const few = await TestIngestion.start({ generations: ['commerce-services'] });
    const { paths } = await openApi(few);
    expect(Object.keys(paths).filter((path) => /catalog\/products$|ims/.test(path))).toEqual([]);
    expect((await few.post(`${ENVIRONMENT}/v1/catalog/products`, [])).status).toBe(404);
    await few.close();
  });
});

/** Answers as they come, against what is described. */
describe('answers', () => {
  const check = (path: string, method: string, status: number, body: unknown): unknown => {
    const { content = {} } = document.paths[path]?.[method]?.responses[String(status)] ?? {};
    const { schema } = content['application/json'] ?? {};
    expect(schema, `${method} ${path} ${status}`).toBeDefined();
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    const validate = ajv.compile({ ...schema, components: document.components });
    validate(body);
    return validate.errors;
  };
  const FEED = '/feeds/products/v1/prices/{environment}';
  const CATALOG = '/{environment}/v1/catalog/products/prices';
  const price = {
    productId: 1,
    sku: 'a',
    type: 'SIMPLE',
    customerGroupCode: '0',
    websiteCode: 'base',
    regular: 34,
    discounts: null,
    deleted: false,
    updatedAt: '2026-11-21T22:40:09+00:00',
  };

  test.each<[string, unknown, Record<string, string>]>([
    [FEED, [price], {}],
    [FEED, [price, {}], {}],
    [FEED, [{}], {}],
    [FEED, '{', {}],
    [FEED, [], { 'x-api-key': 'x' }],
    [FEED, '[]', { 'content-encoding': 'br' }],
    [CATALOG, [], {}],
    [CATALOG, [], { authorization: 'Bearer x' }],
  ])('to a POST on %s of %j are as described', async (path, body, headers) => {
    const url = path.replace('{environment}', ENVIRONMENT).slice(1);
    const answer = await ingestion.post(url, body, headers);
    expect(check(path, 'post', answer.status, answer.body)).toBeNull();
  });

  test.each([
    ['/feeds', '/feeds'],
    ['/feeds/prices/items', '/feeds/{feed}/items'],
    ['/feeds/prices/items?limit=0', '/feeds/{feed}/items'],
    ['/feeds/prices/items/x', '/feeds/{feed}/items/{id}'],
    ['/changes', '/changes'],
    ['/changes?after=99999', '/changes'],
    ['/feeds/prices/changes', '/feeds/{feed}/changes'],
  ])('to a GET on %s are as described', async (url, path) => {
    const answer = await ingestion.get(url);
    const full = `/v1/environments/{environment}${path}`;
    expect(check(full, 'get', answer.status, answer.body)).toBeNull();
  });

  test('to an item are as described', async () => {
    const { body } = await ingestion.get('/feeds/prices/items');
    const { items } = body as { items: { id: string }[] };
    const item = await ingestion.get(`/feeds/prices/items/${items[0]?.id}`);
    expect(item.status).toBe(200);
    const path = '/v1/environments/{environment}/feeds/{feed}/items/{id}';
    expect(check(path, 'get', 200, item.body)).toBeNull();
  });
});
