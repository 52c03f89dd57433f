import type { IdGenerator } from '@opentelemetry/sdk-trace-base';
import {
  OpenTelemetryInboundInterceptor,
  OpenTelemetryInternalsInterceptor,
  OpenTelemetryOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry/lib/workflow/index.js';
import { workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';

/**
 * Spans of workflows: bundled with the workflows into a bundle of its own, which workers take that
 * send traces. Queries and signals have none: a follower's query each second, and progress that
 * activities report, would be traces of one span each.
 */
export function interceptors(): WorkflowInterceptors {
  const inbound = new OpenTelemetryInboundInterceptor();
  withOwnIds(inbound, workflowInfo().runId);
  return {
    inbound: [
      {
        execute: (input, next) => inbound.execute(input, next),
        handleUpdate: (input, next) => inbound.handleUpdate(input, next),
      },
    ],
    outbound: [new OpenTelemetryOutboundInterceptor()],
    internals: [new OpenTelemetryInternalsInterceptor()],
  };
}

/**
 * Draws ids of spans from the run's id. By default they come from the workflow's own random numbers,
 * and `uuid4()` would then give other ids where traces were switched on or off between two replays.
 */
function withOwnIds(interceptor: object, runId: string): void {
  const { tracer } = interceptor as { tracer: { _idGenerator: IdGenerator } };
  const draw = randomWords(runId);
  const hex = (words: number): string =>
    Array.from({ length: words }, () => draw().toString(16).padStart(8, '0')).join('');
  tracer._idGenerator = { generateTraceId: () => hex(4), generateSpanId: () => hex(2) };
}

/** 32-bit numbers that look random, the same ones for the same text (FNV-1a, xorshift128). */
function randomWords(seed: string): () => number {
  const state = [0, 1, 2, 3].map((lane) => {
    let hash = 2_166_136_261 ^ lane;
    for (const letter of `${lane}${seed}`) {
      hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619);
    }
    return hash >>> 0;
  });
  return () => {
    const [first = 1, second = 2, third = 3, fourth = 4] = state;
    const mixed = first ^ (first << 11);
    const next = (fourth ^ (fourth >>> 19) ^ mixed ^ (mixed >>> 8)) >>> 0;
    state.splice(0, 4, second, third, fourth, next);
    return next;
  };
}
