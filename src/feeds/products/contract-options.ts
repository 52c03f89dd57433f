import { Type, type Static } from 'typebox';

const Text = Type.Union([Type.String(), Type.Null()]);
const Whole = Type.Union([Type.Integer(), Type.Null()]);

/** A choice of an option. All keys are always there; which ones hold something depends on the type. */
export const OptionValue = Type.Object(
  {
    id: Type.String({
      description: 'base64 of <kind>/<option id>/<value id>…; of a grouped product, a product id',
    }),
    label: Text,
    sortOrder: Whole,
    isDefault: Type.Union([Type.Boolean(), Type.Null()]),
    colorHex: Type.Union([Type.String(), Type.Null()], { description: 'swatch: a colour' }),
    imageUrl: Type.Union([Type.String(), Type.Null()], { description: 'swatch: an image' }),
    customSwatchValue: Type.Union([Type.String(), Type.Null()], {
      description: 'swatch of another kind',
    }),
    qtyMutability: Type.Union([Type.Boolean(), Type.Null()], {
      description: 'whether the shopper may choose the quantity',
    }),
    qty: Type.Union([Type.Number(), Type.Null()], {
      description: 'pieces; of a downloadable link, how often it may be used, 0 for always',
    }),
    infoUrl: Type.Union([Type.String(), Type.Null()], {
      description: 'where the sample of a downloadable link is',
    }),
    sku: Text,
    price: Type.Union([Type.Number(), Type.Null()], {
      description: 'as stored: an amount, or percent',
    }),
    priceType: Type.Union([Type.String(), Type.Null()], { description: 'fixed or percent' }),
  },
  { additionalProperties: false },
);

/** Something a shopper chooses from. */
export const Option = Type.Object(
  {
    id: Type.String({
      description: 'custom, bundle: option id; configurable: attribute code; link:<product id>',
    }),
    label: Type.Optional(Type.String()),
    sortOrder: Type.Optional(Type.Integer()),
    required: Type.Optional(Type.Boolean()),
    renderType: Type.Optional(Type.String({ description: 'how Commerce shows it, e.g. radio' })),
    type: Type.Union([
      Type.Literal('custom_option'),
      Type.Literal('downloadable'),
      Type.Literal('grouped'),
      Type.Literal('bundle'),
      Type.Literal('configurable'),
    ]),
    swatchType: Type.Optional(
      Type.String({ description: 'JSON of the attribute’s swatch settings' }),
    ),
    values: Type.Optional(
      Type.Union([Type.Array(OptionValue, { minItems: 1 }), Type.Null()], {
        description: 'the choices',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Something a shopper enters. */
export const ShopperInputOption = Type.Object(
  {
    id: Type.String({ description: 'base64 of custom-option/<option id>' }),
    label: Type.Optional(Type.String()),
    sortOrder: Type.Integer(),
    required: Type.Boolean(),
    renderType: Type.String({ description: 'field, area, file, date, …' }),
    price: Type.Optional(Type.Number({ description: 'as stored: an amount, or percent' })),
    fileExtension: Type.Optional(Type.String({ description: 'files that may be sent, e.g. jpg' })),
    sku: Type.Optional(Type.String()),
    range: Type.Object(
      {
        from: Type.Null({ description: 'always null' }),
        to: Type.Union([Type.Number(), Type.Null()], { description: 'characters at most' }),
      },
      { additionalProperties: false },
    ),
    imageSizeX: Type.Optional(Type.Integer({ description: 'pixels' })),
    imageSizeY: Type.Optional(Type.Integer({ description: 'pixels' })),
  },
  { additionalProperties: false },
);

export type OptionValue = Static<typeof OptionValue>;
export type Option = Static<typeof Option>;
export type ShopperInputOption = Static<typeof ShopperInputOption>;
