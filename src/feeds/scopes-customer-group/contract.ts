import { Type, type Static } from 'typebox';

/** A customer group with the websites it may use. */
export const CustomerGroupScope = Type.Object(
  {
    customerGroupId: Type.String({ minLength: 1, description: 'decimal; never 0' }),
    customerGroupCode: Type.String({
      pattern: '^[0-9a-f]{40}$',
      description: 'SHA-1 of the decimal id, not the name of the group',
    }),
    websites: Type.Union([Type.Array(Type.String(), { minItems: 1 }), Type.Null()], {
      description: 'codes of the websites open to the group; null where all are closed to it',
    }),
    deleted: Type.Optional(Type.Boolean()),
    modifiedAt: Type.Optional(Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' })),
  },
  { additionalProperties: false },
);

export type CustomerGroupScope = Static<typeof CustomerGroupScope>;
