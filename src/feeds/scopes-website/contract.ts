import { Type, type Static } from 'typebox';

const StoreView = Type.Object(
  { storeViewId: Type.String(), storeViewCode: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

const Store = Type.Object(
  {
    storeId: Type.String({ description: 'id of the store group' }),
    storeCode: Type.Optional(Type.String({ description: 'code of the store group' })),
    storeViews: Type.Union([Type.Array(StoreView, { minItems: 1 }), Type.Null()], {
      description: 'store views of the group, active or not; null where there are none',
    }),
  },
  { additionalProperties: false },
);

/** A website with its store groups and their store views. Ids are decimal strings. */
export const WebsiteScope = Type.Object(
  {
    websiteId: Type.String({ minLength: 1 }),
    websiteCode: Type.Optional(Type.String()),
    stores: Type.Union([Type.Array(Store, { minItems: 1 }), Type.Null()], {
      description: 'store groups of the website; null where there are none',
    }),
    deleted: Type.Optional(Type.Boolean()),
    modifiedAt: Type.Optional(Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' })),
  },
  { additionalProperties: false },
);

export type WebsiteScope = Static<typeof WebsiteScope>;
