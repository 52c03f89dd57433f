import type { Edition } from '../options.js';
import type { StoreView } from '../scopes/scopes.js';
import type { AttributeDefinition } from './attribute.js';
import { categoryAttributes } from './category-attributes.js';
import { planOptions, type AttributeOption } from './options.js';
import { giftCardAttributes, productAttributes } from './product-attributes.js';
import { userAttributes } from './user-attributes.js';

export const entityTypeIds = { category: 3, product: 4 } as const;

export interface Attribute extends AttributeDefinition {
  readonly id: number;
  readonly entity: keyof typeof entityTypeIds;
  readonly userDefined: boolean;
}

export interface Attributes {
  readonly all: readonly Attribute[];
  readonly options: readonly AttributeOption[];
  readonly category: (code: string) => Attribute;
  readonly product: (code: string) => Attribute;
  readonly optionsOf: (code: string) => readonly AttributeOption[];
}

/** The first 44 ids are those of customer attributes, which the shop here has none of. */
const firstId = 45;

export function planAttributes(edition: Edition, storeViews: readonly StoreView[]): Attributes {
  const system =
    edition === 'commerce' ? [...productAttributes, ...giftCardAttributes] : productAttributes;
  const all: Attribute[] = [
    ...categoryAttributes.map((definition) => ({ definition, entity: 'category' as const })),
    ...system.map((definition) => ({ definition, entity: 'product' as const })),
    ...userAttributes.map((definition) => ({ definition, entity: 'product' as const })),
  ].map(({ definition, entity }, at) => ({
    ...definition,
    id: firstId + at,
    entity,
    userDefined: userAttributes.includes(definition),
  }));
  const options = planOptions(storeViews);
  return {
    all,
    options,
    category: byCode(all, 'category'),
    product: byCode(all, 'product'),
    optionsOf: (code) => options.filter(({ attributeCode }) => attributeCode === code),
  };
}

function byCode(all: readonly Attribute[], entity: Attribute['entity']) {
  const map = new Map(
    all.filter((attribute) => attribute.entity === entity).map((found) => [found.code, found]),
  );
  return (code: string): Attribute => {
    const attribute = map.get(code);
    if (attribute === undefined) throw new Error(`There is no ${entity} attribute ${code}.`);
    return attribute;
  };
}
