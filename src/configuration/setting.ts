import type { SettingType } from './types.js';

export const SETTING_GROUPS = [
  'Commerce',
  'The exporter’s own tables',
  'Temporal',
  'Commerce service',
  'Feeds',
  'Ingestion service',
  'Dashboard',
  'Worker',
  'Logs and metrics',
  'Traces',
  'Alerts',
] as const;

export type SettingGroup = (typeof SETTING_GROUPS)[number];

/** What a default may depend on. */
export interface Surroundings {
  /** The value of another setting, undefined where it has none. */
  readonly value: (name: string) => unknown;
  /** Whether a person reads the output. */
  readonly terminal: boolean;
}

/** A setting as data; its name is its key in `SETTINGS`. */
export interface Setting<T, Default extends T | undefined = T | undefined> {
  readonly group: SettingGroup;
  readonly type: SettingType<T>;
  /** What it does, for people; Markdown, beginning with a capital, ending with a full stop. */
  readonly description: string;
  /** A value as one would write it in a variable. */
  readonly example: string;
  /** The value where none is given. */
  readonly default?: Default;
  /** A default that depends on other settings. */
  readonly defaultFrom?: (surroundings: Surroundings) => T | undefined;
  /** The default in words, where it is neither a fixed value nor nothing. */
  readonly defaultText?: string;
  /** The value is the path of a file that holds the value of this other setting. */
  readonly contentOf?: string;
}

/** Declares a setting; where there is always a default, its value is never undefined. */
export function setting<T>(
  declaration: Setting<T, NoInfer<T>> &
    (
      | { readonly default: NoInfer<T> }
      | { readonly defaultFrom: (surroundings: Surroundings) => NoInfer<T> }
    ),
): Setting<T, T>;
export function setting<T>(declaration: Setting<T>): Setting<T>;
export function setting<T>(declaration: Setting<T>): Setting<T> {
  return declaration;
}

/** The type of a setting's value. */
export type ValueOf<S> = S extends Setting<infer T, infer Default> ? T | Default : never;
