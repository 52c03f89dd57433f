import { Type, type TSchema } from 'typebox';

/**
 * Items of the catalog routes, after the public API descriptions of November 2024 and later. Fields
 * that are named are checked; others are kept as they come, since the API goes on growing.
 */
const code = Type.String({ minLength: 1 });
const text = Type.Optional(Type.String());
const flag = Type.Optional(Type.Boolean());
const texts = Type.Optional(Type.Array(Type.String()));
const oneOf = <const Value extends string>(...values: readonly Value[]): TSchema =>
  Type.Union(values.map((value) => Type.Literal(value)));
const list = (entry: TSchema): TSchema => Type.Optional(Type.Array(entry));
/** `deleted: true` is for the routes of deletions, but in the first generation of these routes. */
const live = Type.Optional(
  Type.Literal(false, { description: 'deletions have a route of their own' }),
);

const locale = Type.Object({ locale: code });
const localeAndLayer = Type.Object({ locale: code, layer: code });

const metaTags = Type.Optional(
  Type.Object({
    title: text,
    description: text,
    keywords: Type.Optional(Type.Array(Type.String())),
  }),
);

const image = Type.Object({
  url: Type.String(),
  label: text,
  roles: list(oneOf('BASE', 'SMALL', 'THUMBNAIL', 'SWATCH')),
  customRoles: texts,
});

const productFields = {
  name: text,
  slug: text,
  description: text,
  shortDescription: text,
  status: Type.Optional(oneOf('ENABLED', 'DISABLED')),
  visibleIn: list(oneOf('CATALOG', 'SEARCH')),
  metaTags,
  attributes: list(
    Type.Object({
      code,
      values: Type.Array(Type.String()),
      variantReferenceId: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  ),
  images: list(image),
  links: list(Type.Object({ type: code, sku: code })),
  routes: list(Type.Object({ path: Type.String(), position: Type.Optional(Type.Integer()) })),
};

const discount = Type.Union([
  Type.Object({ code, price: Type.Number() }),
  Type.Object({ code, percentage: Type.Number() }),
]);

const metadataFields = {
  label: text,
  dataType: Type.Optional(oneOf('TEXT', 'DECIMAL', 'INTEGER', 'BOOLEAN')),
  visibleIn: list(oneOf('PRODUCT_DETAIL', 'PRODUCT_LISTING', 'SEARCH_RESULTS', 'PRODUCT_COMPARE')),
  filterable: flag,
  sortable: flag,
  searchable: flag,
  searchWeight: Type.Optional(Type.Number()),
  searchTypes: list(oneOf('AUTOCOMPLETE', 'CONTAINS', 'STARTS_WITH')),
};

const categoryFields = { name: text, description: text, metaTags, families: texts };

const priceFields = {
  regular: Type.Optional(Type.Number()),
  discounts: list(discount),
  tierPrices: list(Type.Object({ qty: Type.Number({ exclusiveMinimum: 0 }) })),
};

const priceBookFields = {
  name: text,
  parentId: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  currency: Type.Optional(Type.String({ minLength: 1, maxLength: 5 })),
};

/** What an item of a resource is made of. */
export interface CatalogShape {
  /** Where an item stands among those of its resource. */
  readonly keys: Readonly<Record<string, TSchema>>;
  readonly fields: Readonly<Record<string, TSchema>>;
  /** Fields, beside the keys, that a new item must have. */
  readonly required: readonly string[];
}

export const CATALOG_SHAPES = {
  products: {
    keys: { sku: code, source: locale },
    fields: productFields,
    required: ['name', 'slug', 'status'],
  },
  metadata: {
    keys: { code, source: locale },
    fields: metadataFields,
    required: ['label', 'dataType'],
  },
  layers: { keys: { sku: code, source: localeAndLayer }, fields: productFields, required: [] },
  categories: { keys: { slug: code, source: locale }, fields: categoryFields, required: ['name'] },
  priceBooks: { keys: { priceBookId: code }, fields: priceBookFields, required: [] },
  prices: { keys: { sku: code, priceBookId: code }, fields: priceFields, required: ['regular'] },
} as const satisfies Record<string, CatalogShape>;

export type CatalogResource = keyof typeof CATALOG_SHAPES;

/** What is done with the items of a request. */
export type CatalogOperation = 'replace' | 'update' | 'delete';

/**
 * The schema of an item.
 *
 * @param scope how the locale is called: `scope` until the end of 2024, then `source`.
 */
export function catalogContract(
  resource: CatalogResource,
  operation: CatalogOperation,
  scope: 'scope' | 'source',
): TSchema {
  const shape: CatalogShape = CATALOG_SHAPES[resource];
  const keys = renamed(shape.keys, scope);
  switch (operation) {
    case 'replace':
      return withRequired({ ...keys, ...shape.fields, deleted: live }, [
        ...Object.keys(keys),
        ...shape.required,
      ]);
    case 'update':
      return withRequired({ ...keys, ...shape.fields, deleted: live }, Object.keys(keys));
    case 'delete':
      return withRequired(keys, Object.keys(keys));
  }
}

function renamed(
  keys: Readonly<Record<string, TSchema>>,
  scope: 'scope' | 'source',
): Readonly<Record<string, TSchema>> {
  return Object.fromEntries(
    Object.entries(keys).map(([name, schema]) => [name === 'source' ? scope : name, schema]),
  );
}

function withRequired(
  properties: Readonly<Record<string, TSchema>>,
  required: readonly string[],
): TSchema {
  return { type: 'object', properties: { ...properties }, required: [...required] };
}
