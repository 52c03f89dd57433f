import { Type, type TProperties, type TSchema } from 'typebox';

/** An object without further fields. */
export function exact<const Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}

/** A field that is always there, if only as null. */
export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

/** A list that is null when it is empty. */
export function listOrNull<Schema extends TSchema>(schema: Schema) {
  return nullable(Type.Array(schema, { minItems: 1 }));
}

/** RFC 3339, UTC. */
export const date = nullable(Type.String({ description: 'RFC 3339, UTC' }));

/** A UUID; null where nothing has one: a part that is gone, or one seen in a preview only. */
export const UuidRef = nullable(exact({ id: Type.String({ description: 'UUID' }) }));

/** What payment methods and modules store with an order or item. */
export const AdditionalInformation = listOrNull(
  exact({
    name: Type.String(),
    value: Type.String({ description: 'text as it is, everything else as JSON' }),
  }),
);
