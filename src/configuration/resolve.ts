import { readFileSync } from 'node:fs';

import { fileKey } from './names.js';
import { allSettings, type AnySetting } from './settings.js';
import type { Origin, Source } from './sources.js';
import { InvalidValue, type RawValue } from './types.js';

export interface ResolvedSetting {
  readonly value: unknown;
  readonly origin: Origin;
}

/** The settings that have a value, by name. */
export type ResolvedSettings = ReadonlyMap<string, ResolvedSetting>;

interface Written {
  readonly raw: RawValue;
  readonly source: Source;
}

/**
 * Takes each setting from the heaviest of `sources` that has it, or its default. Values that are
 * refused are added to `problems`.
 */
export function resolveSettings(
  sources: readonly Source[],
  terminal: boolean,
  problems: string[],
): ResolvedSettings {
  const written = heaviest(sources);
  const resolved = new Map<string, ResolvedSetting>();
  const value = (name: string): unknown => resolved.get(name)?.value;

  for (const [name, setting] of allSettings) {
    const found = written.get(name);
    if (found === undefined) {
      if (setting.default !== undefined) {
        resolved.set(name, { value: setting.default, origin: 'default' });
      }
      continue;
    }
    const { origin, directory } = found.source;
    const parsed = accepted(
      () => setting.type.parse(found.raw, directory),
      (refused) => problems.push(refusal(name, setting, found, refused)),
    );
    if (parsed !== undefined) resolved.set(name, { value: parsed, origin });
  }
  takeContents(written, resolved, problems);
  for (const [name, { defaultFrom }] of allSettings) {
    if (defaultFrom === undefined || written.has(name)) continue;
    const derived = defaultFrom({ value, terminal });
    if (derived !== undefined) resolved.set(name, { value: derived, origin: 'default' });
  }
  return resolved;
}

/** Of a value and the file that holds it, the heavier stays; of the same weight, both. */
function heaviest(sources: readonly Source[]): Map<string, Written> {
  const written = new Map<string, Written>();
  for (const source of sources) {
    for (const [name, raw] of source.values) {
      if (!written.has(name) && allSettings.has(name)) written.set(name, { raw, source });
    }
  }
  for (const [name, { contentOf }] of allSettings) {
    const file = written.get(name);
    const direct = contentOf === undefined ? undefined : written.get(contentOf);
    if (contentOf === undefined || file === undefined || direct === undefined) continue;
    const lead = sources.indexOf(direct.source) - sources.indexOf(file.source);
    if (lead !== 0) written.delete(lead > 0 ? contentOf : name);
  }
  return written;
}

/** Reads the files that hold other settings' values (`SERVICE_PRIVATE_KEY_FILE`). */
function takeContents(
  written: ReadonlyMap<string, Written>,
  resolved: Map<string, ResolvedSetting>,
  problems: string[],
): void {
  for (const [name, { contentOf }] of allSettings) {
    const target = contentOf === undefined ? undefined : allSettings.get(contentOf);
    const file = resolved.get(name);
    const found = written.get(name);
    if (contentOf === undefined || target === undefined || !file || !found) continue;
    const subject = `${nameIn(name, found)} (${found.source.label})`;
    if (written.has(contentOf)) {
      problems.push(`${subject} and ${nameIn(contentOf, found)} are both set: keep one.`);
      continue;
    }
    const path = String(file.value);
    const value = accepted(
      () => target.type.parse(contentOfFile(path), found.source.directory),
      ({ message }) => problems.push(`${subject}: the content of ${path} ${message}.`),
    );
    if (value !== undefined) resolved.set(contentOf, { value, origin: found.source.origin });
  }
}

function contentOfFile(path: string): string {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InvalidValue(`cannot be read (${error instanceof Error ? error.message : 'error'})`);
  }
  if (content.trim() === '') throw new InvalidValue('is empty');
  return content;
}

function accepted<T>(parse: () => T, onRefused: (refused: InvalidValue) => void): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    onRefused(error);
    return undefined;
  }
}

function refusal(
  name: string,
  { type, example }: AnySetting,
  found: Written,
  { message, complete }: InvalidValue,
): string {
  const { raw, source } = found;
  const quoted = typeof raw === 'string' ? (type.quote ?? String)(raw) : undefined;
  const given = complete || quoted === undefined ? '' : `, not “${quoted}”`;
  const reason = `${message}${given}`;
  const stop = reason.endsWith('?') ? '' : '.';
  return `${nameIn(name, found)} (${source.label}) ${reason}${stop} Example: ${exampleIn(name, example, found)}`;
}

function nameIn(name: string, { source }: Written): string {
  return source.origin === 'file' ? fileKey(name) : name;
}

function exampleIn(name: string, example: string, { source }: Written): string {
  return source.origin === 'file' ? `${fileKey(name)}: ${example}` : `${name}=${example}`;
}
