import type { Logger as TemporalLogger, LogLevel, LogMetadata } from '@temporalio/common';
import type { Level, Logger } from 'pino';

const LEVELS = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const satisfies Record<LogLevel, Level>;

/** Lets Temporal's runtime, workers and workflows write into our log: `Runtime.install({logger})`. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const log = (level: LogLevel, message: string, meta?: LogMetadata): void => {
    // Copying its own string keys leaves Symbol.for('log_timestamp'), a bigint, behind.
    logger[LEVELS[level]](Object.fromEntries(Object.entries(meta ?? {})), message);
  };
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}
