import { ExportError } from '../../errors/export-error.js';
import type { ServerLog } from './server-log.js';

/** A server did not start because another program took its port first. */
class PortTaken extends ExportError {}

/**
 * The error of a server that did not start; `cause` says how that was noticed.
 *
 * @param temporary whether the log file is removed with the server.
 */
export function startFailure(
  name: string,
  log: ServerLog,
  temporary: boolean,
  cause: unknown,
): ExportError {
  const Failure = /address already in use/i.test(log.text()) ? PortTaken : ExportError;
  return new Failure('SDE50-03', {
    message: `${name} did not start: ${cause instanceof Error ? cause.message : String(cause)}.`,
    cure: temporary ? 'Read the cause, which is from its log.' : `Read the log file ${log.file}.`,
    cause: new Error(log.problem(), { cause }),
  });
}

/**
 * Starts a server on free ports. Between the choice of a port and its use another program can take
 * it; then others are tried, twice at most.
 */
export async function onFreePorts<T>(start: () => Promise<T>): Promise<T> {
  for (let left = 2; ; left--) {
    try {
      return await start();
    } catch (error) {
      if (left === 0 || !(error instanceof PortTaken)) throw error;
    }
  }
}
