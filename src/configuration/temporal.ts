import type { NativeConnectionOptions } from '@temporalio/worker';

import { ExportError } from '../errors/export-error.js';
import type { TemporalSettings } from './configuration.js';
import type { ResolvedSettings } from './resolve.js';
import { Secret } from './secret.js';
import { temporalSettings } from './settings/temporal.js';

export interface TemporalConnectionOptions {
  /** For `NativeConnection.connect` and, the same fields, `Connection.connect`. */
  readonly connectionOptions: NativeConnectionOptions & { readonly address: string };
  readonly namespace: string;
}

/**
 * How Temporal is reached: variables win over the profile in Temporal's own configuration file,
 * `localhost:7233` and `default` are taken where neither says anything.
 *
 * @throws ExportError SDE10-04 when the profile or a certificate cannot be read.
 */
export async function temporalConnectionOptions(
  settings: Pick<TemporalSettings, 'variables'>,
): Promise<TemporalConnectionOptions> {
  const { loadClientConnectConfig } = await import('@temporalio/envconfig');
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({
      overrideEnvVars: { ...settings.variables.reveal() },
    });
    return {
      connectionOptions: {
        ...connectionOptions,
        address: connectionOptions.address ?? 'localhost:7233',
      },
      namespace: namespace ?? 'default',
    };
  } catch (cause) {
    throw new ExportError('SDE10-04', {
      message: `The settings of the Temporal connection cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      cure: 'Check TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE and the paths of the certificates.',
      cause,
    });
  }
}

/**
 * What `@temporalio/envconfig` takes for its environment: the settings wherever they were given,
 * further variables of its own (`TEMPORAL_GRPC_META_…`), and where its configuration file is.
 */
export function temporalVariables(
  resolved: ResolvedSettings,
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const taken: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (isTheirs(name) && value !== '') taken[name] = value;
  }
  for (const name of Object.keys(temporalSettings)) {
    const value = resolved.get(name)?.value;
    if (name !== 'TEMPORAL_TASK_QUEUE' && value !== undefined) taken[name] = textOf(value);
  }
  return taken;
}

function isTheirs(name: string): boolean {
  return (
    ['HOME', 'XDG_CONFIG_HOME', 'APPDATA'].includes(name) ||
    (name.startsWith('TEMPORAL_') && !(name in temporalSettings))
  );
}

// Switches are normalised: the loader takes every word but `1` and `true` for false.
function textOf(value: unknown): string {
  return value instanceof Secret ? String(value.reveal()) : String(value);
}
