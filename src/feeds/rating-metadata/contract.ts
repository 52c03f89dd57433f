import { Type, type Static } from 'typebox';

const RatingValue = Type.Object(
  {
    valueId: Type.String({ description: 'base64 of the decimal option id' }),
    value: Type.String(),
    position: Type.Integer(),
  },
  { additionalProperties: false },
);

/** A rating that reviews can vote on, as a store view names it. */
export const RatingMetadata = Type.Object(
  {
    ratingId: Type.String({ minLength: 1, description: 'base64 of the decimal id' }),
    storeViewCode: Type.String({ minLength: 1 }),
    name: Type.String({ description: 'title in the store view, else the rating’s own code' }),
    values: Type.Array(RatingValue, { minItems: 1, description: 'in order of option id' }),
    deleted: Type.Optional(Type.Boolean()),
    modifiedAt: Type.Optional(Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' })),
  },
  { additionalProperties: false },
);

export type RatingMetadata = Static<typeof RatingMetadata>;
