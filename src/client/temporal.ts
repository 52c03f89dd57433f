import { Client, Connection } from '@temporalio/client';

import type { TemporalConnectionOptions } from '../configuration/temporal.js';
import { ExportError } from '../errors/export-error.js';

/** Connects to the Temporal server. @throws ExportError SDE20-04 when it cannot be reached. */
export async function connectTemporal(options: TemporalConnectionOptions): Promise<Client> {
  try {
    const connection = await Connection.connect({
      ...options.connectionOptions,
      connectTimeout: '10 seconds',
    });
    return new Client({ connection, namespace: options.namespace });
  } catch (cause) {
    throw new ExportError('SDE20-04', {
      message: `The Temporal server at ${options.connectionOptions.address} cannot be reached.`,
      cause,
    });
  }
}
