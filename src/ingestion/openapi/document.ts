import type { FastifyInstance } from 'fastify';

import type { IntakeRoute } from '../intake-routes.js';
import { intakeOperation } from './intake-operation.js';
import type { Json, Operation } from './operation.js';
import { OPERATIONS } from './operations.js';
import { ANSWER_SCHEMAS, itemSchemas } from './schemas.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route takes; only of those that take items. */
    readonly intake?: IntakeRoute;
  }
}

interface Described {
  readonly method: string;
  readonly url: string;
  readonly operation: Operation;
}

/**
 * Serves `/openapi.json`, made of the routes as they are registered: call it before the first. A
 * route that nobody described is a mistake of ours, and the service does not start.
 */
export function serveOpenApi(app: FastifyInstance): void {
  const described: Described[] = [];
  const intakes: IntakeRoute[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    const { intake } = config ?? {};
    if (intake !== undefined) intakes.push(intake);
    for (const each of [method].flat()) {
      const operation =
        intake === undefined ? OPERATIONS[`${each} ${url}`] : intakeOperation(intake);
      if (operation === undefined) throw new Error(`${each} ${url} has no description`);
      described.push({ method: each.toLowerCase(), url, operation });
    }
  });
  let text: string | undefined;
  app.get('/openapi.json', (_request, reply) => {
    text ??= JSON.stringify(documentOf(described, intakes));
    return reply.type('application/json; charset=utf-8').send(text);
  });
}

function documentOf(described: readonly Described[], intakes: readonly IntakeRoute[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const { method, url, operation } of described) {
    // `:environment` of the router is `{environment}` here.
    const path = url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [method]: { operationId: idOf(method, path), ...operation } };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ingestion service',
      version: '1',
      description: 'Takes feed items, keeps the newest version of each, shows them.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(described.flatMap(({ operation }) => operation.tags))].map((name) => ({
      name,
    })),
    paths,
    components: {
      schemas: { ...ANSWER_SCHEMAS, ...itemSchemas(intakes) },
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'x-gw-signature',
          description: 'JWT, RS256, good for ten minutes at most; where a public key is configured',
        },
        bearer: { type: 'http', scheme: 'bearer', description: 'from /ims/token/v3' },
      },
    },
  };
}

function idOf(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return [method, ...words].join('_');
}
