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
    frontendInput: Type.Optional(
      Type.String({ description: 'how it is entered: text, select, …' }),
    ),
    required: Type.Boolean({ description: 'products must have a value' }),
    unique: Type.Boolean({ description: 'no two products have the same value' }),
    global: Type.Boolean({ description: 'false only for store view scope' }),
    visible: Type.Boolean({ description: 'shown when products are edited' }),
    searchable: Type.Boolean({ description: 'counts in searches' }),
    filterable: Type.Boolean({ description: 'a filter of category pages' }),
    visibleInCompareList: Type.Boolean({ description: 'shown when products are compared' }),
    visibleInListing: Type.Boolean({ description: 'may be shown in lists of products' }),
    sortable: Type.Boolean({ description: 'lists of products can be sorted by it' }),
    visibleInSearch: Type.Boolean({ description: 'visible on product pages of the storefront' }),
    filterableInSearch: Type.Boolean({ description: 'a filter of search results' }),
    searchWeight: Type.Number({ description: 'how much it counts in searches' }),
    usedForRules: Type.Boolean({ description: 'used for price rules' }),
    boolean: Type.Boolean({ description: 'its values say yes or no' }),
    systemAttribute: Type.Boolean({ description: 'true for user-defined attributes' }),
    numeric: Type.Boolean({ description: 'its values are numbers' }),
    deleted: Type.Boolean(),
    modifiedAt: Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' }),
  },
  { additionalProperties: false },
);

export type ProductAttribute = Static<typeof ProductAttribute>;
