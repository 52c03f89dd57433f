import { Type, type Static } from 'typebox';

const Grant = Type.Union([Type.Literal('ALLOW'), Type.Literal('DENY'), Type.Literal('PARENT')]);

const FallbackValue = Type.Object(
  {
    websiteCode: Type.Union([Type.String(), Type.Null()], {
      description: 'null: all websites without an entry of their own',
    }),
    mode: Type.Union([Type.Literal('ALL'), Type.Literal('GROUPS'), Type.Literal('NONE')]),
    customerGroupCodes: Type.Array(Type.String(), {
      description: 'the groups allowed in mode GROUPS, in order of their ids; else empty',
    }),
  },
  { additionalProperties: false },
);

const RULE_FIELDS = [
  'categoryId',
  'websiteCode',
  'customerGroupCode',
  'displayable',
  'priceDisplayable',
  'buyable',
] as const;
const FALLBACK_FIELDS = ['setting', 'values'] as const;

/**
 * A rule of a category (`RULE`), or what holds where no rule decides (`FALLBACK`, one for each of
 * four settings).
 */
export const CategoryPermission = Type.Object(
  {
    type: Type.Union([Type.Literal('RULE'), Type.Literal('FALLBACK')]),
    categoryId: Type.Optional(Type.String({ description: 'rules only' })),
    websiteCode: Type.Optional(
      Type.Union([Type.String(), Type.Null()], { description: 'rules only; null: all websites' }),
    ),
    customerGroupCode: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description: 'rules only; SHA-1 of the decimal id; null: all customer groups',
      }),
    ),
    displayable: Type.Optional(Grant),
    priceDisplayable: Type.Optional(Grant),
    buyable: Type.Optional(Grant),
    setting: Type.Optional(
      Type.Union(
        [
          Type.Literal('enabled'),
          Type.Literal('displayable'),
          Type.Literal('priceDisplayable'),
          Type.Literal('buyable'),
        ],
        { description: 'fallbacks only; enabled: the switch of all permissions' },
      ),
    ),
    values: Type.Optional(
      Type.Array(FallbackValue, {
        minItems: 1,
        description: 'fallbacks only: the default scope, then websites with a value of their own',
      }),
    ),
    deleted: Type.Boolean(),
    modifiedAt: Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' }),
  },
  {
    additionalProperties: false,
    if: { properties: { type: { const: 'RULE' } } },
    then: { required: RULE_FIELDS, properties: absent(FALLBACK_FIELDS) },
    else: { required: FALLBACK_FIELDS, properties: absent(RULE_FIELDS) },
  },
);

export type CategoryPermission = Static<typeof CategoryPermission>;

function absent(fields: readonly string[]): Record<string, false> {
  return Object.fromEntries(fields.map((field) => [field, false]));
}
