import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Document, ParsedNode } from 'yaml';

import { didYouMean } from '../errors/suggestion.js';
import { fileKey } from './names.js';
import { allSettings } from './settings.js';
import { readText, type Source } from './sources.js';
import type { RawValue } from './types.js';

export const FILE_NAMES = [
  'saas-export.config.json',
  'saas-export.config.yaml',
  'saas-export.config.yml',
] as const;

/**
 * The configuration file: the one named, or the one of `FILE_NAMES` in `directory`. What cannot be
 * read or is not known there is added to `problems`.
 */
export async function readConfigurationFile(
  directory: string,
  named: string | undefined,
  problems: string[],
): Promise<Source | undefined> {
  const found = FILE_NAMES.filter((name) => existsSync(join(directory, name)));
  if (named === undefined && found.length > 1) {
    problems.push(`There is more than one configuration file, ${found.join(' and ')}: keep one.`);
  }
  const label = named ?? found[0];
  if (label === undefined) return undefined;
  const file = resolve(directory, label);
  const text = readText(file, label, problems);
  if (text === undefined) return undefined;
  const values = await parse(text, label, problems);
  return { origin: 'file', label, directory: dirname(file), values };
}

async function parse(
  text: string,
  label: string,
  problems: string[],
): Promise<ReadonlyMap<string, RawValue>> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  // JSON is YAML. Numbers and switches stay as they are written, as in variables.
  const document = yaml.parseDocument(text, {
    schema: 'failsafe',
    customTags: ['null'],
    lineCounter: lines,
    prettyErrors: false,
  });
  const at = (offset: number): string => `${label}, line ${lines.linePos(offset).line}`;
  const values = new Map<string, RawValue>();
  if (document.errors.length > 0) {
    problems.push(...document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message}.`));
  } else if (yaml.isMap(document.contents)) {
    const names = new Map([...allSettings.keys()].map((name) => [fileKey(name), name]));
    for (const { key, value } of document.contents.items) {
      const place = at(key.range[0]);
      const written = String(key);
      const name = names.get(written);
      const raw = rawValue(value, document);
      if (name === undefined) {
        const hint = didYouMean(written, names.keys());
        problems.push(`${place}: “${written}” is not a setting${hint}`);
      } else if (raw === undefined) {
        problems.push(`${place}: ${written} must be a text, a list of texts or a map of texts.`);
      } else if (raw !== '') {
        values.set(name, raw);
      }
    }
  } else if (document.contents !== null) {
    problems.push(`${label} must be a map of settings, such as “commerceTablePrefix: m2_”.`);
  }
  return values;
}

/** `''` for nothing; undefined for what no setting can be. */
function rawValue(node: ParsedNode | null, document: Document.Parsed): RawValue | undefined {
  const value: unknown = node?.toJS(document) ?? null;
  if (value === null) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return value.every(isText) ? value : undefined;
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, string] => isText(entry[1]))
    ? Object.fromEntries(entries)
    : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
