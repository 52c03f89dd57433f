import { createRequire } from 'node:module';
import type pinoPretty from 'pino-pretty';
import { pino, stdSerializers, type DestinationStream, type Level, type Logger } from 'pino';

import { redactLine } from './redaction.js';

export interface LoggerOptions {
  /** Default `info`. */
  readonly level?: Level | 'silent';
  /** `json`: one object a line. `pretty`: text for people. Default `json`. */
  readonly format?: 'json' | 'pretty';
  /** Default: standard error, since standard output belongs to what a command prints. */
  readonly destination?: DestinationStream & { readonly isTTY?: boolean };
  readonly clock?: () => Date;
}

/**
 * Makes the logger of a process. A record has `level` (a word), `time`, `pid`, `hostname` and its
 * text as `status`; secrets are masked, see `redactLine`.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', format = 'json', clock = () => new Date() } = options;
  const destination = options.destination ?? process.stderr;
  return pino(
    {
      level,
      messageKey: 'status',
      timestamp: () => `,"time":"${clock().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: withoutStatus },
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
      hooks: { streamWrite: redactLine },
    },
    format === 'json' ? destination : prettyStream(destination),
  );
}

/** A field `status`, such as an HTTP answer's, would be lost beside the text of that name. */
function withoutStatus(record: Record<string, unknown>): Record<string, unknown> {
  if (typeof record['status'] !== 'number') return record;
  const { status, ...rest } = record;
  return { statusCode: status, ...rest };
}

function prettyStream(
  destination: DestinationStream & { readonly isTTY?: boolean },
): DestinationStream {
  // Loaded where it is wanted only: a start with JSON logs is 30 ms shorter.
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof pinoPretty;
  const prettify = prettyFactory({
    colorize: destination.isTTY === true,
    messageKey: 'status',
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname,caller,run,workflow,workflowRun,feed,operation,elapsed',
    singleLine: true,
    messageFormat: sentence,
  });
  return { write: (line) => destination.write(prettify(line)) };
}

/** `products full sync: Progress 21/21, processed 2046, synced 2046 (00:00:02 663 ms)` */
function sentence(record: Readonly<Record<string, unknown>>): string {
  const text = (key: string): string => {
    const value = record[key];
    return typeof value === 'string' ? value : '';
  };
  const about = `${text('feed')} ${text('operation')}`.trim();
  const elapsed = text('elapsed') === '' ? '' : ` (${text('elapsed')})`;
  return `${about === '' ? '' : `${about}: `}${text('status')}${elapsed}`;
}
