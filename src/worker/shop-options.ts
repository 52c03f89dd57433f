import { readDeploymentConfiguration } from '../commerce/deployment-configuration.js';
import { MODULES } from '../commerce/modules.js';
import type { ShopOptions } from '../commerce/shop.js';
import type { Configuration } from '../configuration/configuration.js';

/** What Commerce keeps outside of its database, and its table prefix. */
export async function shopOptions({ commerce }: Configuration): Promise<ShopOptions> {
  const deployed = await readDeploymentConfiguration({
    envPhp: commerce.envPhp,
    configPhp: commerce.configPhp,
    configFile: commerce.configFile,
    variables: commerce.variables.reveal(),
  });
  const modules = new Map(deployed.modules);
  if (modules.size > 0) {
    // What a list does not name is not installed.
    for (const name of Object.values(MODULES)) modules.set(name, modules.get(name) === true);
  }
  if (commerce.inventory === 'off') modules.set(MODULES.inventory, false);
  return { tablePrefix: commerce.tablePrefix, overrides: deployed.overrides, modules };
}

/**
 * The configuration with the table prefix that the shop's `env.php` names, unless a setting does.
 *
 * @throws ExportError SDE10-04 when the file cannot be read.
 */
export async function withDeployedPrefix(configuration: Configuration): Promise<Configuration> {
  const { commerce, resolved } = configuration;
  const isSet = resolved.get(PREFIX)?.origin !== 'default';
  if (isSet || commerce.envPhp === undefined) return configuration;
  const { tablePrefix } = await readDeploymentConfiguration({ envPhp: commerce.envPhp });
  if (tablePrefix === undefined) return configuration;
  return {
    ...configuration,
    commerce: { ...commerce, tablePrefix },
    resolved: new Map(resolved).set(PREFIX, { value: tablePrefix, origin: 'default' }),
  };
}

const PREFIX = 'COMMERCE_TABLE_PREFIX';
