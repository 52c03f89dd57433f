import { Type, type Static } from 'typebox';

/** What a customer group may do with a product in a website. */
export const ProductOverride = Type.Object(
  {
    sku: Type.String({ minLength: 1 }),
    productId: Type.Integer(),
    websiteCode: Type.String({ minLength: 1 }),
    customerGroupCode: Type.String({
      pattern: '^[0-9a-f]{40}$',
      description: 'SHA-1 of the decimal id of the customer group',
    }),
    displayable: Type.Boolean({ description: 'the group may see the product' }),
    buyable: Type.Boolean({ description: 'the group may add the product to its cart' }),
    priceDisplayable: Type.Boolean({ description: 'the group may see the price' }),
    deleted: Type.Boolean(),
    modifiedAt: Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' }),
  },
  { additionalProperties: false },
);

export type ProductOverride = Static<typeof ProductOverride>;
