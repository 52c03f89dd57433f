import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { FaultPlan, FaultRule } from './fault-plan.js';

/** Lets requests of these routes fail as planned. */
export function faultHooks(app: FastifyInstance, plan: FaultPlan): void {
  const planned = new WeakMap<FastifyRequest, FaultRule>();

  app.addHook('onRequest', async (request, reply) => {
    const { intake } = request.routeOptions.config;
    const fault = plan.next(intake?.forms.map(({ feed }) => feed) ?? []);
    if (fault === undefined) return;
    planned.set(request, fault);
    request.log.warn({ fault }, 'a planned fault');
    if (fault.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault.drop === 'before-reading') cut(request, reply);
  });

  app.addHook('preHandler', async (request, reply) => {
    const fault = planned.get(request);
    if (fault?.drop === 'after-reading') cut(request, reply);
    else if (fault?.status !== undefined && fault.store !== true && fault.drop === undefined) {
      // An answer that was not the fault's own is not replaced once more.
      planned.delete(request);
      await answer(reply, fault, fault.status).send(bodyOf(fault));
    }
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const fault = planned.get(request);
    if (fault === undefined || reply.statusCode >= 300) return payload;
    if (fault.drop === 'after-storing') {
      cut(request, reply);
      return payload;
    }
    if (fault.status === undefined) {
      reply.headers(fault.headers ?? {});
      return fault.body === undefined ? payload : bodyOf(fault);
    }
    answer(reply, fault, fault.status);
    return bodyOf(fault);
  });
}

function answer(
  reply: FastifyReply,
  { headers = {}, body }: FaultRule,
  status: number,
): FastifyReply {
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  reply.removeHeader('content-length');
  return reply.status(status).type(`${type}; charset=utf-8`).headers(headers);
}

function bodyOf({ body }: FaultRule): string {
  if (typeof body === 'string') return body;
  return body === undefined ? '' : JSON.stringify(body);
}

function cut(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.destroy();
}
