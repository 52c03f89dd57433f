import type { Configuration } from './configuration.js';
import { absence, invalidConfiguration } from './problems.js';
import type { SettingName, SettingValues } from './settings.js';

/** The values of settings that are certainly there. */
export type RequiredValues<Name extends SettingName> = {
  readonly [Each in Name]: NonNullable<SettingValues[Each]>;
};

/**
 * The settings that a command cannot do without.
 *
 * @throws ExportError SDE10-01 listing all that are missing, with examples.
 */
export function requireSettings<const Name extends SettingName>(
  configuration: Configuration,
  names: readonly Name[],
): RequiredValues<Name> {
  const { resolved, variableNames } = configuration;
  const missing = names.filter((name) => resolved.get(name) === undefined);
  if (missing.length > 0) {
    throw invalidConfiguration(missing.map((name) => absence(name, variableNames)));
  }
  // Each value was made by the type that `SettingValues` is derived from.
  return Object.fromEntries(
    names.map((name) => [name, resolved.get(name)?.value]),
  ) as RequiredValues<Name>;
}
