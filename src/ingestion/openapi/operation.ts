/** JSON of an OpenAPI document, or a part of it. */
export type Json = Readonly<Record<string, unknown>>;

/** An operation of an OpenAPI 3.1 document. */
export interface Operation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
  /** Ways to authenticate; none for who is let in without. */
  readonly security?: readonly Json[];
}

export const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

export const jsonBody = (schema: Json, description: string): Json => ({
  description,
  content: { 'application/json': { schema } },
});

export const problem = (description: string): Json => jsonBody(schemaRef('Problem'), description);

export const RETRY_AFTER: Json = {
  'retry-after': { description: 'seconds to wait', schema: { type: 'integer', minimum: 1 } },
};

export const query = (name: string, description: string, schema: Json): Json => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
});

export const path = (name: string, description: string): Json => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});

export const ENVIRONMENT_PARAMETER = path('environment', 'data space id');
export const FEED_PARAMETER = path('feed', 'name of a feed, or of a collection of the catalog');

/** Ways to authenticate of those who send items. */
export const SENDER: readonly Json[] = [
  { apiKey: [], signature: [] },
  { apiKey: [], bearer: [] },
];
export const KEY: readonly Json[] = [{ apiKey: [] }];
