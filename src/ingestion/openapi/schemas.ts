import type { IntakeRoute } from '../intake-routes.js';
import type { ItemForm } from '../item-form.js';
import { schemaRef, type Json } from './operation.js';

/** The name of the schema of a form's items. */
export function collectionSchema({ feed, marker }: ItemForm, route: IntakeRoute): string {
  const wire = marker === 'website' || marker === 'customerGroup' ? 'OnTheWire' : '';
  const early = route.generation === 'composable-catalog' ? 'Composable' : '';
  const operation = { replace: '', update: 'Update', delete: 'Key' }[route.operation];
  return `${feed}${wire}${early}${operation}`;
}

/** The schemas of all items that the routes take. */
export function itemSchemas(routes: readonly IntakeRoute[]): Record<string, Json> {
  const schemas: Record<string, Json> = {};
  for (const route of routes) {
    for (const form of route.forms) {
      // Without TypeBox's own marks.
      schemas[collectionSchema(form, route)] = JSON.parse(JSON.stringify(form.contract)) as Json;
    }
  }
  return schemas;
}

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const count = { type: 'integer', minimum: 0 };
const listOf = (items: Json): Json => ({ type: 'array', items });
const object = (properties: Json, required: readonly string[] = Object.keys(properties)): Json => ({
  type: 'object',
  properties,
  required,
});

const version = { stamp: time, receivedAt: time, deleted: { type: 'boolean' }, requestId: text };
const item = {
  id: { ...text, pattern: '^[0-9a-f]{40}$', description: 'SHA-1 of the identity' },
  identity: listOf(text),
  deleted: { type: 'boolean' },
  stamp: { ...time, description: 'what orders the versions' },
  receivedAt: time,
  firstReceivedAt: time,
  versions: { ...count, description: 'how many versions were kept so far' },
  requestId: { ...text, description: 'request that brought this version' },
  payload: { type: 'object', description: 'the item as it was received' },
};
const webhook = {
  id: text,
  url: { type: 'string', format: 'uri' },
  feeds: listOf(text),
  cursor: { ...text, description: 'up to where it was told' },
  failures: count,
  lastError: { type: ['string', 'null'] },
  deliveredAt: { type: ['string', 'null'], format: 'date-time' },
  createdAt: time,
};

/** The schemas of answers and of what is sent beside items. */
export const ANSWER_SCHEMAS: Readonly<Record<string, Json>> = {
  Problem: {
    type: 'object',
    properties: {
      error_code: text,
      message: text,
      title: text,
      status: text,
      error: object({
        code: text,
        message: text,
        details: object({ error_code: text }),
      }),
    },
  },
  FeedAnswer: object(
    {
      feedItemReceivedCount: { ...count, description: 'items that are stored' },
      invalidFeedItems: listOf({
        anyOf: [
          object({ field: { ...text, description: '`/2/sku`: the third item' }, message: text }),
          object({ itemIndex: count, code: text, message: text }),
        ],
      }),
      code: { ...text, description: 'why no item was looked at' },
      message: text,
    },
    ['feedItemReceivedCount', 'invalidFeedItems'],
  ),
  CatalogAnswer: object({ status: { const: 'ACCEPTED' }, acceptedCount: count }),
  CatalogRefusal: object(
    {
      status: { const: 'FAILED' },
      code: { ...text, description: 'why no item was looked at' },
      message: text,
      errors: listOf(
        object({ itemIndex: count, code: text, message: text, value: text }, [
          'itemIndex',
          'code',
          'message',
        ]),
      ),
    },
    ['status', 'message', 'errors'],
  ),
  Feeds: object({
    environment: text,
    cursor: { ...text, description: 'of the change stream, as of now' },
    feeds: listOf(
      object({
        feed: text,
        items: count,
        deleted: count,
        lastAcceptedAt: { type: ['string', 'null'], format: 'date-time' },
      }),
    ),
  }),
  Item: object(item),
  ItemWithHistory: object({ ...item, history: listOf(object(version)) }),
  Items: object({ items: listOf(schemaRef('Item')), nextCursor: { type: ['string', 'null'] } }),
  Changes: object({
    environment: text,
    changes: listOf(object({ cursor: text, feed: text, ...item })),
    cursor: { ...text, description: 'what to ask for the next page with' },
  }),
  Webhook: object(webhook),
  NewWebhook: object({ ...webhook, secret: { ...text, description: 'shown this once' } }),
  Webhooks: object({ webhooks: listOf(schemaRef('Webhook')) }),
  Subscription: {
    ...object(
      {
        url: { type: 'string', format: 'uri', maxLength: 2048 },
        feeds: { ...listOf(text), minItems: 1, description: 'default: all' },
        after: { ...text, description: 'cursor to begin after; default: now' },
      },
      ['url'],
    ),
    additionalProperties: false,
  },
  Token: object({ access_token: text, token_type: { const: 'bearer' }, expires_in: count }),
  OAuthError: object({ error: text }),
  Status: object({ status: text }),
};
