import { Type, type Static } from 'typebox';

import { compileValidator } from './validation.js';

const strict = { additionalProperties: false } as const;
const stamped = {
  updatedAt: Type.Optional(Type.String({ description: 'RFC 3339' })),
  deleted: Type.Optional(Type.Boolean()),
};

const websiteCode = Type.String({ minLength: 1 });
const stores = Type.Array(
  Type.Object(
    {
      storeCode: Type.Optional(Type.String()),
      storeViews: Type.Array(Type.Object({ storeViewCode: Type.Optional(Type.String()) }, strict)),
    },
    strict,
  ),
);
const customerGroupCode = Type.String({ minLength: 1 });
const websites = Type.Array(Type.Object({ websiteCode }, strict));

/** A website as the published scopes route takes it: without ids, its identity is its code. */
export const WebsiteOnTheWire = Type.Object(
  { website: Type.Object({ websiteCode, stores }, strict), ...stamped },
  strict,
);
export type WebsiteOnTheWire = Static<typeof WebsiteOnTheWire>;

/** A customer group as the published scopes route takes it: its identity is its code. */
export const CustomerGroupOnTheWire = Type.Object(
  { customerGroup: Type.Object({ customerGroupCode, websites }, strict), ...stamped },
  strict,
);
export type CustomerGroupOnTheWire = Static<typeof CustomerGroupOnTheWire>;

/** A deletion needs the website's code alone. */
export const validateWebsiteOnTheWire = compileValidator({
  live: WebsiteOnTheWire,
  deletion: Type.Object(
    { website: Type.Object({ websiteCode, stores: Type.Optional(stores) }, strict), ...stamped },
    strict,
  ),
  stampField: 'updatedAt',
});

/** A deletion needs the group's code alone. */
export const validateCustomerGroupOnTheWire = compileValidator({
  live: CustomerGroupOnTheWire,
  deletion: Type.Object(
    {
      customerGroup: Type.Object({ customerGroupCode, websites: Type.Optional(websites) }, strict),
      ...stamped,
    },
    strict,
  ),
  stampField: 'updatedAt',
});
