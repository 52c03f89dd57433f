import type { FastifyInstance } from 'fastify';

import type { Tokens } from './tokens.js';

/** Where senders get a token: the client-credentials grant, answered as RFC 6749 says. */
export function tokenRoutes(app: FastifyInstance, tokens: Tokens): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 16 * 1024 },
    (_request, body, next) => next(null, new URLSearchParams(String(body))),
  );
  app.post('/ims/token/v3', async (request, reply) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const query = request.query as Readonly<Record<string, unknown>>;
    const value = (name: string): string => {
      const given = form.get(name) ?? query[name];
      return typeof given === 'string' ? given : '';
    };
    if (value('grant_type') !== 'client_credentials') {
      return reply.status(400).send({ error: 'unsupported_grant_type' });
    }
    const token = await tokens.grant(value('client_id'), value('client_secret'));
    if (token === undefined) return reply.status(401).send({ error: 'invalid_client' });
    return reply.header('cache-control', 'no-store').send({
      access_token: token,
      token_type: 'bearer',
      expires_in: tokens.lifetimeSeconds,
    });
  });
}
