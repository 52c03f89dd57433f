import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { didYouMean } from '../errors/suggestion.js';
import { allSettings } from './settings.js';
import type { RawValue } from './types.js';

/** Where a value comes from, heaviest first. */
export type Origin = 'flag' | 'environment' | '.env' | 'file' | 'default';

/** Written values of one origin. */
export interface Source {
  readonly origin: Origin;
  /** The origin for people: `environment`, `saas-export.config.yaml`. */
  readonly label: string;
  /** What relative paths start from. */
  readonly directory: string;
  /** By the name of the variable; without those that are empty, which count as not set. */
  readonly values: ReadonlyMap<string, RawValue>;
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** Flags go by their settings' names; an empty one counts, so that a prefix can be taken away. */
export function variablesSource(
  origin: 'flag' | 'environment' | '.env',
  variables: Variables,
  directory: string,
): Source {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && (value.trim() !== '' || origin === 'flag')) values.set(name, value);
  }
  return { origin, label: origin, directory, values };
}

/** A problem for each variable that begins with `FEED_` and is no setting: it would do nothing. */
export function misnamedVariables({ origin, label, values }: Source): string[] {
  if (origin === 'file') return [];
  return [...values.keys()]
    .filter((name) => name.startsWith('FEED_') && !allSettings.has(name))
    .map((name) => `${name} (${label}) is not a setting${didYouMean(name, allSettings.keys())}`);
}

/** The variables of `.env` in `directory`; none where there is no such file. */
export async function readDotEnv(directory: string, problems: string[]): Promise<Variables> {
  const file = join(directory, '.env');
  if (!existsSync(file)) return {};
  const text = readText(file, '.env', problems);
  if (text === undefined) return {};
  const { parse } = await import('dotenv');
  return parse(text);
}

/** The file's text, or undefined and a problem. */
export function readText(file: string, label: string, problems: string[]): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    problems.push(`${label} cannot be read: ${error instanceof Error ? error.message : ''}.`);
    return undefined;
  }
}
