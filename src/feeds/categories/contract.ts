import { Type, type Static } from 'typebox';

const Flag = (description: string) => Type.Optional(Type.Integer({ description }));

/** A category in a store view whose store group's tree holds it. */
export const Category = Type.Object(
  {
    categoryId: Type.String(),
    storeViewCode: Type.String(),
    storeCode: Type.String({ description: 'code of the store group' }),
    websiteCode: Type.String(),
    name: Type.Optional(Type.String()),
    description: Type.Optional(Type.String({ description: 'HTML, directives resolved' })),
    metaTitle: Type.Optional(Type.String()),
    metaKeywords: Type.Optional(Type.String()),
    metaDescription: Type.Optional(Type.String()),
    displayMode: Type.Optional(Type.String({ description: 'PRODUCTS, PAGE or PRODUCTS_AND_PAGE' })),
    urlKey: Type.Optional(Type.String()),
    urlPath: Type.Optional(
      Type.String({
        description:
          'URL keys below the root category, joined by slashes; empty for the root category, absent where there are none',
      }),
    ),
    image: Type.Union([Type.String(), Type.Null()], { description: 'URL' }),
    level: Type.Integer({ description: '1 for the root category of a store group' }),
    path: Type.String({ description: 'category ids from the root of all trees down, as in 1/2/7' }),
    parentId: Type.String(),
    children: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description: 'ids of the active children by their default status, ascending; null for none',
    }),
    position: Type.Integer({ description: 'place among the children of its parent' }),
    defaultSortBy: Type.String({ description: 'attribute code, or position' }),
    availableSortBy: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description: 'attribute codes as stored; null for all',
    }),
    isAnchor: Flag('1: shows the products of its descendants'),
    includeInMenu: Flag('0 as well where the top-level ancestor is not in the menu'),
    isActive: Flag('0 as well where the top-level ancestor is not active'),
    createdAt: Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' }),
    updatedAt: Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' }),
    deleted: Type.Boolean(),
    modifiedAt: Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' }),
  },
  { additionalProperties: false },
);

export type Category = Static<typeof Category>;
