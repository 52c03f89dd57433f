import { Type, type Static, type TSchema } from 'typebox';

import { GalleryEntry, Image, RoleImage, Sample, Video } from './contract-media.js';
import { Option, ShopperInputOption } from './contract-options.js';

/** Lists are never empty: null stands for none. */
const listOf = <Entry extends TSchema>(entry: Entry, description?: string) =>
  Type.Union(
    [Type.Array(entry, { minItems: 1 }), Type.Null()],
    description === undefined ? {} : { description },
  );

export const AttributeEntry = Type.Object(
  {
    attributeCode: Type.String(),
    value: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Null()]), {
        minItems: 1,
        description: 'labels of options, else the text; absent where the value is NULL',
      }),
    ),
  },
  { additionalProperties: false },
);

export const CategoryEntry = Type.Object(
  {
    categoryId: Type.String(),
    categoryPath: Type.String({ description: 'URL keys, joined by slashes' }),
    productPosition: Type.Optional(Type.Integer({ description: 'place within the category' })),
  },
  { additionalProperties: false },
);

export const LinkEntry = Type.Object(
  {
    sku: Type.String(),
    type: Type.Union([Type.Literal('related'), Type.Literal('upsell'), Type.Literal('crosssell')]),
  },
  { additionalProperties: false },
);

export const ParentEntry = Type.Object(
  { sku: Type.String(), productType: Type.String() },
  { additionalProperties: false },
);

export const UrlRewriteEntry = Type.Object(
  {
    url: Type.String(),
    parameters: listOf(
      Type.Object({ name: Type.String(), value: Type.String() }, { additionalProperties: false }),
      'null for redirects',
    ),
  },
  { additionalProperties: false },
);

/** A product in a store view: texts, values, media, options, links, stock flags. No prices. */
export const Product = Type.Object(
  {
    sku: Type.String({ minLength: 1 }),
    storeViewCode: Type.String({ minLength: 1 }),
    storeCode: Type.String({ description: 'code of the store group' }),
    websiteCode: Type.String(),
    name: Type.Optional(Type.String()),
    productId: Type.Integer({ minimum: 1, description: 'entity id' }),
    type: Type.String({ description: 'Commerce’s type; bundle_fixed for a fixed-price bundle' }),
    shortDescription: Type.Optional(Type.String({ description: 'HTML, directives resolved' })),
    description: Type.Optional(Type.String({ description: 'HTML, directives resolved' })),
    image: Type.Optional(RoleImage),
    linksPurchasedSeparately: Type.Optional(
      Type.Boolean({ description: 'each download is bought by itself' }),
    ),
    metaDescription: Type.Optional(Type.String()),
    metaKeyword: Type.Optional(Type.String()),
    metaTitle: Type.Optional(Type.String()),
    smallImage: Type.Optional(RoleImage),
    status: Type.Union([Type.Literal('Enabled'), Type.Literal('Disabled')]),
    swatchImage: Type.Optional(RoleImage),
    taxClassId: Type.String({ description: 'name of the tax class; no where there is none' }),
    thumbnail: Type.Optional(RoleImage),
    createdAt: Type.Optional(Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' })),
    updatedAt: Type.Optional(Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' })),
    urlKey: Type.Optional(Type.String({ description: 'last part of the URL' })),
    visibility: Type.Optional(
      Type.Union([
        Type.Literal('Not Visible Individually'),
        Type.Literal('Catalog'),
        Type.Literal('Search'),
        Type.Literal('Catalog, Search'),
      ]),
    ),
    weight: Type.Optional(Type.Number()),
    weightType: Type.Optional(Type.String({ description: '0 dynamic, 1 fixed' })),
    priceView: Type.Optional(Type.Union([Type.Literal('price_range'), Type.Literal('as_low_as')])),
    weightUnit: Type.Union([Type.String(), Type.Null()], {
      description: 'e.g. lbs; null without a weight',
    }),
    currency: Type.Union([Type.String(), Type.Null()], { description: 'base currency' }),
    displayable: Type.Boolean({ description: 'enabled and visible by itself' }),
    buyable: Type.Boolean({ description: 'enabled and in stock' }),
    attributes: listOf(AttributeEntry, 'user-defined attributes that have a value'),
    categoryData: listOf(CategoryEntry, 'active categories that show the product'),
    media_gallery: listOf(GalleryEntry, 'all files, hidden ones and videos too'),
    optionsV2: listOf(Option, 'what a shopper chooses from'),
    shopperInputOptions: listOf(ShopperInputOption, 'what a shopper enters'),
    samples: listOf(Sample, 'trials of a downloadable product'),
    images: listOf(Image, 'files of the gallery that are images'),
    videos: listOf(Video, 'files of the gallery that are videos'),
    links: listOf(LinkEntry, 'products of the website that are offered with it'),
    parents: listOf(ParentEntry, 'configurable, bundle and grouped products that it is a part of'),
    inStock: Type.Boolean({ description: 'in the stock of the website' }),
    lowStock: Type.Boolean({ description: 'quantity below the configured threshold' }),
    url: Type.String({ description: 'of its page in the store view' }),
    urlRewrites: listOf(UrlRewriteEntry, 'all URLs that lead to it, redirects too'),
    variants: Type.Null({ description: 'always null, kept for compatibility' }),
    categories: Type.Optional(
      Type.Array(Type.String(), { description: 'the paths of categoryData' }),
    ),
    deleted: Type.Boolean(),
    modifiedAt: Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' }),
  },
  { additionalProperties: false },
);

export type Product = Static<typeof Product>;
export type AttributeEntry = Static<typeof AttributeEntry>;
export type CategoryEntry = Static<typeof CategoryEntry>;
export type LinkEntry = Static<typeof LinkEntry>;
export type ParentEntry = Static<typeof ParentEntry>;
export type UrlRewriteEntry = Static<typeof UrlRewriteEntry>;
