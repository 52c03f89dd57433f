import {
  ENVIRONMENT_PARAMETER,
  FEED_PARAMETER,
  jsonBody,
  KEY,
  path,
  problem,
  query,
  RETRY_AFTER,
  schemaRef,
  SENDER,
  type Json,
  type Operation,
} from './operation.js';

const reading = ['reading'];
const webhooks = ['webhooks'];
const service = ['service'];

const badParameter = problem('a parameter is wrong');
const noSuch = problem('there is no such thing');
const noKey = problem('the API key is missing or unknown; reading over loopback needs none');
const away = { ...problem('the database is away: ask again'), headers: RETRY_AFTER };
const whole = (minimum: number, maximum: number): Json => ({ type: 'integer', minimum, maximum });

const changesOf = (whose: string, parameters: readonly Json[]): Operation => ({
  tags: reading,
  summary: `The changes ${whose}, in the order of their commits`,
  description:
    'An item that changed several times comes once, with its last version. Nothing is passed by: what a page lacks has a later cursor.',
  parameters: [
    ...parameters,
    query('after', 'cursor of the page before; default: from the beginning', { type: 'string' }),
    query('limit', 'default 100', whole(1, 1000)),
    query('wait', 'seconds to wait for a change where there is none', whole(0, 30)),
  ],
  responses: {
    200: jsonBody(schemaRef('Changes'), 'a page; empty at the end'),
    400: badParameter,
    403: noKey,
    404: noSuch,
    410: problem('the cursor is ahead of the data space: begin again'),
    503: away,
  },
});

/** The descriptions of all routes that take no items, by method and path. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /health': {
    tags: service,
    summary: 'Whether the service can store items',
    responses: {
      200: jsonBody(schemaRef('Status'), 'it can'),
      503: jsonBody(schemaRef('Status'), 'its database does not answer'),
    },
  },
  'GET /openapi.json': {
    tags: service,
    summary: 'This document',
    responses: { 200: jsonBody({ type: 'object' }, 'OpenAPI 3.1') },
  },
  'GET /merchant-registry/v1/ping': {
    tags: service,
    summary: 'Whether credentials are good',
    responses: {
      200: jsonBody(schemaRef('Status'), 'they are'),
      401: problem('the bearer token is invalid or has expired'),
      403: problem('key or signature is missing or wrong'),
    },
    security: SENDER,
  },
  'POST /ims/token/v3': {
    tags: service,
    summary: 'A bearer token, for a client id and its secret',
    requestBody: {
      required: true,
      content: {
        'application/x-www-form-urlencoded': {
          schema: {
            type: 'object',
            properties: {
              grant_type: { const: 'client_credentials' },
              client_id: { type: 'string' },
              client_secret: { type: 'string' },
              scope: { type: 'string' },
            },
            required: ['grant_type', 'client_id', 'client_secret'],
          },
        },
      },
    },
    responses: {
      200: jsonBody(schemaRef('Token'), 'the token'),
      400: jsonBody(schemaRef('OAuthError'), 'another grant type'),
      401: jsonBody(schemaRef('OAuthError'), 'unknown client or wrong secret'),
    },
  },
  'GET /v1/environments/:environment/feeds': {
    tags: reading,
    summary: 'What the data space holds',
    parameters: [ENVIRONMENT_PARAMETER],
    responses: {
      200: jsonBody(schemaRef('Feeds'), 'counts per feed'),
      403: noKey,
      404: noSuch,
      503: away,
    },
  },
  'GET /v1/environments/:environment/feeds/:feed/items': {
    tags: reading,
    summary: 'Items of a feed, in pages or as a stream',
    parameters: [
      ENVIRONMENT_PARAMETER,
      FEED_PARAMETER,
      query('format', '`jsonl`: all items, one a line', {
        type: 'string',
        enum: ['json', 'jsonl'],
      }),
      query('deleted', '`include`: with tombstones', { type: 'string', enum: ['include'] }),
      query('limit', 'of a page; default 100', whole(1, 1000)),
      query('cursor', '`nextCursor` of the page before', { type: 'string' }),
    ],
    responses: {
      200: {
        description: 'items as they were received',
        content: {
          'application/json': { schema: schemaRef('Items') },
          'application/x-ndjson': { schema: { type: 'string' } },
        },
      },
      400: badParameter,
      403: noKey,
      404: noSuch,
      503: away,
    },
  },
  'GET /v1/environments/:environment/feeds/:feed/items/:id': {
    tags: reading,
    summary: 'One item, with the times of its versions',
    parameters: [ENVIRONMENT_PARAMETER, FEED_PARAMETER, path('id', 'SHA-1 of the identity')],
    responses: {
      200: jsonBody(schemaRef('ItemWithHistory'), 'the item, be it a tombstone'),
      403: noKey,
      404: noSuch,
      503: away,
    },
  },
  'GET /v1/environments/:environment/changes': changesOf('of a data space', [
    ENVIRONMENT_PARAMETER,
    query('feeds', 'names, separated by commas; default: all', { type: 'string' }),
  ]),
  'GET /v1/environments/:environment/feeds/:feed/changes': changesOf('of a feed', [
    ENVIRONMENT_PARAMETER,
    FEED_PARAMETER,
  ]),
  'GET /v1/environments/:environment/webhooks': {
    tags: webhooks,
    summary: 'Who is told of changes',
    parameters: [ENVIRONMENT_PARAMETER],
    responses: {
      200: jsonBody(schemaRef('Webhooks'), 'without their secrets'),
      403: noKey,
      404: noSuch,
      503: away,
    },
    security: KEY,
  },
  'POST /v1/environments/:environment/webhooks': {
    tags: webhooks,
    summary: 'Registers who is to be told of changes',
    parameters: [ENVIRONMENT_PARAMETER],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: schemaRef('Subscription') } },
    },
    responses: {
      201: jsonBody(schemaRef('NewWebhook'), 'registered'),
      400: badParameter,
      403: noKey,
      404: noSuch,
      409: problem('there are too many'),
      413: problem('the body is too large'),
      415: problem('another content type'),
      503: away,
    },
    security: KEY,
  },
  'DELETE /v1/environments/:environment/webhooks/:id': {
    tags: webhooks,
    summary: 'Ends a webhook',
    parameters: [ENVIRONMENT_PARAMETER, path('id', 'of the webhook')],
    responses: { 204: { description: 'ended' }, 403: noKey, 404: noSuch, 503: away },
    security: KEY,
  },
};
