import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { baggageUtils, setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResourcesSync, envDetectorSync, Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { InjectedSinks } from '@temporalio/worker';
import type { Logger } from 'pino';

import type { Secret } from '../../configuration/secret.js';
import {
  recordSpans,
  type Span,
  type SpanAttributes,
  type SpanRecorder,
} from '../../tracing/span.js';
import { CODE_VERSION } from '../version.js';
import type { Tracing } from './tracing.js';

export interface TracingOptions {
  /** Base URL of an OTLP/HTTP receiver. */
  readonly endpoint: string;
  /** `name=value,…` */
  readonly headers: Secret | undefined;
  readonly serviceName: string;
}

/** A receiver that hangs is not waited for longer when the process ends. */
const CLOSE_MILLISECONDS = 5_000;
/** How often is told that traces cannot be sent. */
const COMPLAIN_MILLISECONDS = 60_000;

/** Sends spans by OTLP/HTTP. Other standard variables (`OTEL_…`) are read by OpenTelemetry itself. */
export function openTelemetry(options: TracingOptions, logger: Logger | undefined): Tracing {
  const { endpoint, headers, serviceName } = options;
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    ...(headers === undefined
      ? {}
      : { headers: baggageUtils.parseKeyPairsIntoRecord(headers.reveal()) }),
  });
  const processor = new BatchSpanProcessor(exporter);
  const resource = new Resource({
    ...detectResourcesSync({ detectors: [envDetectorSync] }).attributes,
    'service.name': serviceName,
    'service.version': CODE_VERSION,
  });
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
  complainTo(logger);
  recordSpans(recorder());
  const calls = new OpenTelemetryWorkflowClientInterceptor();
  return {
    // What asks how a run stands is left out: followers ask each second.
    client: {
      startWithDetails: (input, next) => calls.startWithDetails(input, next),
      signalWithStart: (input, next) => calls.signalWithStart(input, next),
      startUpdate: (input, next) => calls.startUpdate(input, next),
      startUpdateWithStart: (input, next) => calls.startUpdateWithStart(input, next),
    },
    activity: (ctx) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(ctx) }),
    sinks: { exporter: makeWorkflowExporter(processor, resource) } as InjectedSinks<never>,
    async close() {
      recordSpans(undefined);
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, CLOSE_MILLISECONDS).unref();
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      trace.disable();
      context.disable();
    },
  };
}

function recorder(): SpanRecorder {
  const tracer = trace.getTracer('saas-export', CODE_VERSION);
  return {
    span(name, { client = false, attributes = {} }, work) {
      const kind = client ? SpanKind.CLIENT : SpanKind.INTERNAL;
      return tracer.startActiveSpan(name, { kind, attributes: { ...attributes } }, async (span) => {
        const own = trace.setSpan(context.active(), span);
        const handle: Span = {
          isRecording: span.isRecording(),
          set: (more: SpanAttributes) => span.setAttributes({ ...more }),
          within: (inner) => context.with(own, inner),
        };
        try {
          return await work(handle);
        } catch (error) {
          // Messages of errors may hold values, and the log has them.
          span.setStatus({ code: SpanStatusCode.ERROR });
          span.setAttribute('error.type', kindOf(error));
          throw error;
        } finally {
          span.end();
        }
      });
    },
  };
}

/** The code of an error, where it has one: `CDE02-07`, `ER_LOCK_DEADLOCK`. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function complainTo(logger: Logger | undefined): void {
  let last = Number.NEGATIVE_INFINITY;
  setGlobalErrorHandler((error) => {
    const now = performance.now();
    if (logger === undefined || now - last < COMPLAIN_MILLISECONDS) return;
    last = now;
    const code = error instanceof Error ? kindOf(error) : 'unknown';
    logger.warn({ error: code }, 'traces could not be sent to OTEL_EXPORTER_OTLP_ENDPOINT');
  });
}
