import { readFileSync } from 'node:fs';

import { ExportError } from '../errors/export-error.js';
import type { ConfigurationOverrides } from './configuration.js';
import {
  mergeOverrides,
  overridesOf,
  overridesOfVariables,
  SCOPES,
  type SettingsTree,
} from './override-map.js';
import { parsePhpArray, type PhpArray, type PhpValue } from './php-array.js';
import { PhpSyntaxError } from './php-tokens.js';
import { parseSettingsFile, SettingsFileError } from './settings-file.js';

export interface DeploymentSources {
  /** Path of the shop's `app/etc/env.php`. */
  readonly envPhp?: string | undefined;
  /** Path of the shop's `app/etc/config.php`. */
  readonly configPhp?: string | undefined;
  /** Path of a JSON or YAML map `{default: {…}, websites: {<code>: {…}}, stores: {<code>: {…}}}`. */
  readonly configFile?: string | undefined;
  /** Variables; those that begin with `CONFIG__` count. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What Commerce keeps outside of its database. */
export interface DeploymentConfiguration {
  readonly overrides: ConfigurationOverrides;
  /** `db/table_prefix` of `env.php`; undefined where the file does not say. */
  readonly tablePrefix: string | undefined;
  /** Modules of `config.php` and whether they are on; empty without the file. */
  readonly modules: ReadonlyMap<string, boolean>;
}

/**
 * Reads the configuration that Commerce keeps outside of its database. In rising priority:
 * `config.php`, `env.php` (Commerce's own order), the JSON or YAML map, `CONFIG__…` variables. The map
 * stands above the PHP files because it is written for the exporter, often to correct a copy of them,
 * and below the variables because these have the last word in Commerce.
 *
 * @throws ExportError SDE10-04 naming file and line.
 */
export async function readDeploymentConfiguration(
  sources: DeploymentSources,
): Promise<DeploymentConfiguration> {
  const { envPhp, configPhp, configFile, variables = {} } = sources;
  const config = configPhp === undefined ? undefined : readPhp(configPhp);
  const env = envPhp === undefined ? undefined : readPhp(envPhp);
  const layers: ConfigurationOverrides[] = [];
  if (config !== undefined) layers.push(systemOverrides(config, configPhp));
  if (env !== undefined) layers.push(systemOverrides(env, envPhp));
  if (configFile !== undefined) layers.push(await readMap(configFile));
  layers.push(overridesOfVariables(variables));
  return {
    overrides: mergeOverrides(layers),
    tablePrefix: tablePrefixOf(env),
    modules: modulesOf(config),
  };
}

function readPhp(file: string): PhpArray {
  try {
    return parsePhpArray(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function readMap(file: string): Promise<ConfigurationOverrides> {
  try {
    const tree = await parseSettingsFile(readFileSync(file, 'utf8'));
    return overridesOf(tree, (reason) => {
      throw new Error(reason);
    });
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): ExportError {
  const at =
    cause instanceof PhpSyntaxError || cause instanceof SettingsFileError
      ? `${file}, line ${cause.line}`
      : file;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ExportError('SDE10-04', {
    message: `${at}: ${reason}.`,
    ...(cause instanceof PhpSyntaxError
      ? {
          cure: 'Correct the file, or put its settings into a map and name that in COMMERCE_CONFIG_FILE.',
        }
      : {}),
    cause,
  });
}

/** Section `system`; what else it may hold than scopes is none of ours. */
function systemOverrides(file: PhpArray, path: string | undefined): ConfigurationOverrides {
  const system = file.get('system');
  const tree = new Map<string, SettingsTree | string | null>();
  for (const scope of SCOPES) {
    const values = isArray(system) ? system.get(scope) : undefined;
    if (values !== undefined) tree.set(scope, treeOf(values));
  }
  return overridesOf(tree, (reason) => {
    throw new ExportError('SDE10-04', { message: `${path ?? ''}, section system: ${reason}.` });
  });
}

function treeOf(value: PhpValue): SettingsTree | string | null {
  if (isArray(value)) return new Map([...value].map(([key, each]) => [key, treeOf(each)]));
  if (typeof value === 'boolean') return value ? '1' : '0';
  return value === null ? null : String(value);
}

function tablePrefixOf(env: PhpArray | undefined): string | undefined {
  const database = env?.get('db');
  const prefix = isArray(database) ? database.get('table_prefix') : undefined;
  return typeof prefix === 'string' ? prefix : undefined;
}

function modulesOf(config: PhpArray | undefined): ReadonlyMap<string, boolean> {
  const modules = config?.get('modules');
  if (!isArray(modules)) return new Map();
  return new Map([...modules].map(([name, on]) => [name, on === 1 || on === true || on === '1']));
}

function isArray(value: PhpValue | undefined): value is PhpArray {
  return typeof value === 'object' && value !== null;
}
