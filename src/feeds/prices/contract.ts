import { Type, type Static } from 'typebox';

const DiscountCode = Type.Enum(['special_price', 'group', 'catalog_rule']);

/** A price that replaces the regular one, or a share of it. */
export const Discount = Type.Union([
  Type.Object(
    { code: DiscountCode, price: Type.Number({ description: 'in the base currency' }) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      code: DiscountCode,
      percentage: Type.Number({
        description: 'special_price: percent of the price; group: percent off',
      }),
    },
    { additionalProperties: false },
  ),
]);

export type Discount = Static<typeof Discount>;

/** A price for each piece from a quantity on. */
export const TierPrice = Type.Union([
  Type.Object(
    {
      qty: Type.Number({ exclusiveMinimum: 1, description: 'pieces from which on it holds' }),
      price: Type.Number({ description: 'for each piece' }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      qty: Type.Number({ exclusiveMinimum: 1 }),
      percentage: Type.Number({ description: 'percent off' }),
    },
    { additionalProperties: false },
  ),
]);

export type TierPrice = Static<typeof TierPrice>;

export const PARENT_TYPES = [
  'SIMPLE',
  'CONFIGURABLE',
  'DOWNLOADABLE',
  'GROUPED',
  'BUNDLE',
  'GIFTCARD',
] as const;

export const Parent = Type.Object(
  {
    type: Type.Enum(PARENT_TYPES),
    sku: Type.String(),
  },
  { additionalProperties: false },
);

export type Parent = Static<typeof Parent>;

/** What a product costs in a website, for a customer group: raw data, no final price. */
export const Price = Type.Object(
  {
    productId: Type.Integer(),
    sku: Type.String({ minLength: 1 }),
    type: Type.Enum(['SIMPLE', 'DOWNLOADABLE', 'GROUPED', 'BUNDLE_FIXED', 'BUNDLE_DYNAMIC']),
    customerGroupCode: Type.String({
      minLength: 1,
      description: '0 for all groups without an item of their own, else the SHA-1 of the group id',
    }),
    websiteCode: Type.String({ minLength: 1 }),
    parents: Type.Optional(
      Type.Array(Parent, {
        minItems: 1,
        description: 'products of the website that the product belongs to, by ascending id',
      }),
    ),
    regular: Type.Number({ description: 'in the base currency of the website; 0 without a price' }),
    discounts: Type.Union([Type.Array(Discount, { minItems: 1 }), Type.Null()], {
      description: 'the receiver takes the best of them',
    }),
    tierPrices: Type.Optional(
      Type.Array(TierPrice, { minItems: 1, description: 'by ascending quantity' }),
    ),
    deleted: Type.Boolean(),
    updatedAt: Type.String({ description: 'RFC 3339, UTC' }),
  },
  { additionalProperties: false },
);

export type Price = Static<typeof Price>;
