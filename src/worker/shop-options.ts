import { readDeploymentConfiguration } from '../commerce/deployment-configuration.js';
import type { ShopOptions } from '../commerce/shop.js';
import type { Configuration } from '../configuration/configuration.js';

/** What Commerce keeps outside of its database, and its table prefix. */
export async function shopOptions({ commerce }: Configuration): Promise<ShopOptions> {
  const { overrides } = await readDeploymentConfiguration({
    envPhp: commerce.envPhp,
    configPhp: commerce.configPhp,
    configFile: commerce.configFile,
    variables: commerce.variables.reveal(),
  });
  return { tablePrefix: commerce.tablePrefix, overrides };
}
