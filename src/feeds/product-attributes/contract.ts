import { Type, type Static } from 'typebox';

/** Metadata of a catalog product attribute in a store view. */
export const ProductAttribute = Type.Object(
  {
    id: Type.String({ description: 'attribute id' }),
    storeCode: Type.String({ description: 'code of the store group' }),
    websiteCode: Type.String(),
    storeViewCode: Type.String(),
    attributeCode: Type.String({ minLength: 1 }),
    attributeType: Type.String({ description: 'always catalog_product' }),
    dataType: Type.String({ description: 'backend type; OBJECT for composed attributes' }),
    multi: Type.Boolean({ description: 'holds several values' }),
    label: Type.Optional(Type.String({ description: 'store label, else the default label' })),
    frontendInput: Type.Optional(Type.String()),
    required: Type.Boolean(),
    unique: Type.Boolean(),
    global: Type.Boolean({ description: 'false only for store view scope' }),
    visible: Type.Boolean(),
    searchable: Type.Boolean(),
    filterable: Type.Boolean(),
    visibleInCompareList: Type.Boolean(),
    visibleInListing: Type.Boolean(),
    sortable: Type.Boolean(),
    visibleInSearch: Type.Boolean({ description: 'visible on product pages of the storefront' }),
    filterableInSearch: Type.Boolean(),
    searchWeight: Type.Number(),
    usedForRules: Type.Boolean({ description: 'used for price rules' }),
    boolean: Type.Boolean(),
    systemAttribute: Type.Boolean({ description: 'true for user-defined attributes' }),
    numeric: Type.Boolean(),
    deleted: Type.Boolean(),
    modifiedAt: Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' }),
  },
  { additionalProperties: false },
);

export type ProductAttribute = Static<typeof ProductAttribute>;
