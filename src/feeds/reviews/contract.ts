import { Type, type Static } from 'typebox';

const Rating = Type.Object(
  {
    ratingId: Type.String({ description: 'base64 of the decimal id, as in ratingMetadata' }),
    value: Type.Union([Type.String(), Type.Null()], {
      description: 'value of the option voted for; null where the option is gone',
    }),
  },
  { additionalProperties: false },
);

/** An approved review of a product. */
export const Review = Type.Object(
  {
    reviewId: Type.String({ minLength: 1 }),
    productId: Type.Integer(),
    visibility: Type.Array(Type.String(), {
      description: 'codes of the store views that show the review',
    }),
    title: Type.Optional(Type.String()),
    nickname: Type.Optional(Type.String()),
    text: Type.Optional(Type.String()),
    customerId: Type.Optional(Type.String({ description: 'absent for guests' })),
    ratings: Type.Optional(
      Type.Array(Rating, { minItems: 1, description: 'absent where the review has no votes' }),
    ),
    deleted: Type.Optional(Type.Boolean()),
    modifiedAt: Type.Optional(Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' })),
  },
  { additionalProperties: false },
);

export type Review = Static<typeof Review>;
