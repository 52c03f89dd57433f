import type { ConfigurationOverrides } from './configuration.js';

type Values = Readonly<Record<string, string | null>>;
type ValuesByCode = Readonly<Record<string, Values>>;

/** Settings as files hold them: keys are parts of paths (`web` → `unsecure` → `base_url`) or whole. */
export type SettingsTree = ReadonlyMap<string, SettingsTree | string | null>;

export const SCOPES = ['default', 'websites', 'stores'] as const;

/**
 * The overrides in `{default: {…}, websites: {<code>: {…}}, stores: {<code>: {…}}}`.
 *
 * @param refuse is called with what is not of that form, and throws.
 */
export function overridesOf(
  tree: SettingsTree,
  refuse: (reason: string) => never,
): ConfigurationOverrides {
  const treeAt = (node: SettingsTree, key: string): SettingsTree => {
    const value = node.get(key) ?? new Map<string, never>();
    return typeof value === 'string' ? refuse(`“${key}” is not a map of settings`) : value;
  };
  const byCode = (scopes: SettingsTree): ValuesByCode =>
    Object.fromEntries(
      [...scopes.keys()].map((code) => [code.toLowerCase(), flatten(treeAt(scopes, code))]),
    );
  return {
    default: flatten(treeAt(tree, 'default')),
    websites: byCode(treeAt(tree, 'websites')),
    stores: byCode(treeAt(tree, 'stores')),
  };
}

/** Values by path; paths in lower case, as all that Commerce knows are. */
function flatten(tree: SettingsTree, prefix = ''): Values {
  const values: Record<string, string | null> = {};
  for (const [key, value] of tree) {
    const path = `${prefix}${key.toLowerCase()}`;
    if (value === null || typeof value === 'string') values[path] = value;
    else Object.assign(values, flatten(value, `${path}/`));
  }
  return values;
}

/**
 * `CONFIG__DEFAULT__<PATH>`, `CONFIG__WEBSITES__<CODE>__<PATH>` and `CONFIG__STORES__<CODE>__<PATH>`,
 * where `__` stands for `/` and letter case is lost. As in Commerce, a code that contains `__` itself
 * cannot be named this way.
 */
export function overridesOfVariables(
  variables: Readonly<Record<string, string>>,
): ConfigurationOverrides {
  const defaults: Record<string, string> = {};
  const byCode = {
    websites: {} as Record<string, Record<string, string>>,
    stores: {} as Record<string, Record<string, string>>,
  };
  for (const [name, value] of Object.entries(variables)) {
    const [prefix, scope, ...rest] = name.toLowerCase().split('__');
    if (prefix !== 'config') continue;
    if (scope === 'default' && rest.length > 0) {
      defaults[rest.join('/')] = value;
    } else if (scope === 'websites' || scope === 'stores') {
      const [code, ...path] = rest;
      if (code === undefined || path.length === 0) continue;
      (byCode[scope][code] ??= {})[path.join('/')] = value;
    }
  }
  return { default: defaults, ...byCode };
}

/** All values of all layers; those of a later layer win, path by path. */
export function mergeOverrides(layers: readonly ConfigurationOverrides[]): ConfigurationOverrides {
  const merged = (all: readonly (Values | undefined)[]): Values =>
    all.reduce<Values>((made, values) => ({ ...made, ...values }), {});
  const byCode = (scope: 'websites' | 'stores'): ValuesByCode => {
    const codes = new Set(layers.flatMap((layer) => Object.keys(layer[scope])));
    return Object.fromEntries(
      [...codes].map((code) => [code, merged(layers.map((layer) => layer[scope][code]))]),
    );
  };
  return {
    default: merged(layers.map((layer) => layer.default)),
    websites: byCode('websites'),
    stores: byCode('stores'),
  };
}
