import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

import { MODULES } from '../commerce/modules.js';
import type { Configuration } from '../configuration/configuration.js';
import { loadConfiguration } from '../configuration/load.js';
import { shopOptions, withDeployedPrefix } from './shop-options.js';

const directory = mkdtempSync(join(tmpdir(), 'shop-options-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, php: string): string {
  const path = join(directory, name);
  writeFileSync(path, `<?php return ${php};`);
  return path;
}

const load = (environment: Record<string, string>): Promise<Configuration> =>
  loadConfiguration({ environment, workingDirectory: directory });

describe('the modules of the shop', () => {
  const configPhp = file(
    'config.php',
    `['modules' => ['Magento_Store' => 1, 'Magento_InventoryIndexer' => 0, 'Magento_PageBuilder' => 1]]`,
  );

  test('are those of config.php; without it, nothing is known of them', async () => {
    const { modules } = await shopOptions(await load({ COMMERCE_CONFIG_PHP: configPhp }));
    expect(modules?.get(MODULES.inventory)).toBe(false);
    expect(modules?.get(MODULES.pageBuilder)).toBe(true);
    expect((await shopOptions(await load({}))).modules?.size).toBe(0);
  });

  test('that it does not name are off, where it names any', async () => {
    const some = file('some.php', `['modules' => ['Magento_Store' => 1]]`);
    const { modules } = await shopOptions(await load({ COMMERCE_CONFIG_PHP: some }));
    expect(modules?.get(MODULES.pageBuilder)).toBe(false);
    const none = file('none.php', `['system' => []]`);
    const unknown = await shopOptions(await load({ COMMERCE_CONFIG_PHP: none }));
    expect(unknown.modules?.size).toBe(0);
  });

  test('are without inventory where INVENTORY says so, whatever the file says', async () => {
    const on = file('on.php', `['modules' => ['Magento_InventoryIndexer' => 1]]`);
    const environment = { COMMERCE_CONFIG_PHP: on };
    expect((await shopOptions(await load(environment))).modules?.get(MODULES.inventory)).toBe(true);
    const off = await shopOptions(await load({ ...environment, INVENTORY: 'off' }));
    expect(off.modules?.get(MODULES.inventory)).toBe(false);
    const alone = await shopOptions(await load({ INVENTORY: 'off' }));
    expect([...(alone.modules ?? [])]).toEqual([[MODULES.inventory, false]]);
  });
});

describe('the table prefix', () => {
  const envPhp = file('env.php', `['db' => ['table_prefix' => 'm2_']]`);
  const prefix = async (environment: Record<string, string>): Promise<unknown> => {
    const { commerce, resolved } = await withDeployedPrefix(await load(environment));
    expect(resolved.get('COMMERCE_TABLE_PREFIX')?.value).toBe(commerce.tablePrefix);
    return commerce.tablePrefix;
  };

  test('is that of env.php, unless a setting says another or none', async () => {
    expect(await prefix({ COMMERCE_ENV_PHP: envPhp })).toBe('m2_');
    expect(await prefix({ COMMERCE_ENV_PHP: envPhp, COMMERCE_TABLE_PREFIX: 'x_' })).toBe('x_');
    const flags = { COMMERCE_TABLE_PREFIX: '' };
    const configuration = await loadConfiguration({
      environment: { COMMERCE_ENV_PHP: envPhp },
      flags,
      workingDirectory: directory,
    });
    expect((await withDeployedPrefix(configuration)).commerce.tablePrefix).toBe('');
  });

  test('is none where neither says one', async () => {
    expect(await prefix({})).toBe('');
    expect(await prefix({ COMMERCE_ENV_PHP: file('bare.php', '[]') })).toBe('');
  });

  test('of a file that cannot be read is a clear error', async () => {
    await expect(prefix({ COMMERCE_ENV_PHP: join(directory, 'gone.php') })).rejects.toMatchObject({
      code: 'SDE10-04',
    });
  });
});
