import { Type, type TProperties, type TSchema } from 'typebox';

import { FEED_NAMES } from '../../feeds/names.js';

/** What `--json` of a command prints. */
export interface JsonDocument {
  /** The words of the command, without options: `quarantine list`. */
  readonly command: string;
  /** Most commands print one form; others print another by what they are asked for. */
  readonly forms: readonly JsonForm[];
}

export interface JsonForm {
  /** When it is printed, where there are several: `with --detach`. */
  readonly when?: string;
  readonly schema: TSchema;
}

/** An object with exactly these fields. */
export function exactly<const Fields extends TProperties>(fields: Fields) {
  return Type.Object(fields, { additionalProperties: false });
}

export function nullable<const Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

export function text(description?: string) {
  return Type.String(description === undefined ? {} : { description });
}

/** A number of things. */
export function count(description?: string) {
  return Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });
}

export function seconds(description?: string) {
  return Type.Number({ minimum: 0, ...(description === undefined ? {} : { description }) });
}

export function yes(description?: string) {
  return Type.Boolean(description === undefined ? {} : { description });
}

export function oneOf<const Words extends string>(words: readonly Words[], description?: string) {
  return Type.Enum([...words], description === undefined ? {} : { description });
}

/** A time of the exporter's tables, or an RFC 3339 time. */
export function time(description: string) {
  return Type.String({
    pattern: String.raw`^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?$`,
    description,
  });
}

/** As `feeds` prints it. */
export const feedName = oneOf(FEED_NAMES);

export const feedId = Type.String({ description: 'SHA-1 of the identity: 40 hexadecimal digits' });

/** An item of a feed; docs/feeds.md has its fields. */
export function item(description: string) {
  return Type.Record(Type.String(), Type.Unknown(), { description });
}
