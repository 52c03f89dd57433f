import { Type, type Static } from 'typebox';

const VariantOptionValue = Type.Object(
  {
    attributeCode: Type.String(),
    uid: Type.String({ description: 'base64 of configurable/<attribute id>/<option id>' }),
    label: Type.Union([Type.String(), Type.Null()], {
      description: 'label in one scope; null where the option has none',
    }),
    valueIndex: Type.String({ description: 'option id' }),
  },
  {
    additionalProperties: false,
    description:
      'One for each label of an option: an attribute occurs once for every scope that labels it.',
  },
);

/** A child of a configurable product, with its values of the configurable attributes. */
export const Variant = Type.Object(
  {
    id: Type.String({ description: 'MD5 of configurable/<parent SKU>/<child SKU>' }),
    optionValues: Type.Array(VariantOptionValue, {
      minItems: 1,
      description: 'ordered by attribute id, scope of the value, label id',
    }),
    parentId: Type.String({ description: 'entity id of the configurable product' }),
    productId: Type.String({ description: 'entity id of the child' }),
    parentSku: Type.String(),
    productSku: Type.String(),
    deleted: Type.Boolean(),
    modifiedAt: Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' }),
  },
  { additionalProperties: false },
);

export type Variant = Static<typeof Variant>;
export type VariantOptionValue = Static<typeof VariantOptionValue>;
