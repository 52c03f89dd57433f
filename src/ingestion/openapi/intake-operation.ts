import type { IntakeRoute } from '../intake-routes.js';
import { collectionSchema } from './schemas.js';
import {
  ENVIRONMENT_PARAMETER,
  jsonBody,
  problem,
  RETRY_AFTER,
  schemaRef,
  SENDER,
  type Json,
  type Operation,
} from './operation.js';

const DONE = { replace: 'Takes', update: 'Updates', delete: 'Deletes' } as const;

/** The description of a route that takes items. */
export function intakeOperation(route: IntakeRoute): Operation {
  const feeds = [...new Set(route.forms.map(({ feed }) => feed))].join(' and ');
  const ofFeeds = route.generation === 'commerce-services';
  const schemas = route.forms.map((form) => schemaRef(collectionSchema(form, route)));
  const items = schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas };
  return {
    tags: [route.generation],
    summary: `${DONE[route.operation]} items of ${feeds}`,
    description: ofFeeds
      ? 'Items that are invalid are named, all others are stored. An item with `deleted: true` needs its identity alone.'
      : 'All items are stored, or none.',
    parameters: [ENVIRONMENT_PARAMETER, CONTENT_ENCODING],
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: { type: 'array', maxItems: route.limit, items } },
      },
    },
    responses: {
      200: jsonBody(
        schemaRef(ofFeeds ? 'FeedAnswer' : 'CatalogAnswer'),
        'what is accepted is stored',
      ),
      400: jsonBody(
        schemaRef(ofFeeds ? 'FeedAnswer' : 'CatalogRefusal'),
        ofFeeds
          ? 'no item is valid, or the request is at fault'
          : 'an item is invalid, or the request is at fault',
      ),
      401: problem('the bearer token is invalid or has expired'),
      403: problem('key, signature or token is missing or wrong'),
      404: problem('there is no such route or data space'),
      413: problem('the body, or an item, is too large'),
      415: problem('another content type or encoding'),
      429: {
        description: 'above the rate of the credential',
        headers: RETRY_AFTER,
        content: { 'text/html': { schema: { type: 'string' } } },
      },
      503: { ...problem('items cannot be stored at present'), headers: RETRY_AFTER },
    },
    // The newest generation takes a token without the key, which is the client's id.
    security: route.generation === 'commerce-optimizer' ? [...SENDER, { bearer: [] }] : SENDER,
  };
}

const CONTENT_ENCODING: Json = {
  name: 'content-encoding',
  in: 'header',
  required: false,
  schema: { type: 'string', enum: ['gzip', 'identity'] },
};
