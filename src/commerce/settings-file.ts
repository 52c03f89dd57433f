import type * as Yaml from 'yaml';
import type { Document, LineCounter, Node, Scalar } from 'yaml';

import { SCOPES, type SettingsTree } from './override-map.js';

/** What is wrong with a settings file, and where. */
export class SettingsFileError extends Error {
  override readonly name = 'SettingsFileError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/**
 * Reads a JSON or YAML map of settings by scope. Values stay as they are written, so `1.0` is
 * `'1.0'`; true and false become `'1'` and `'0'`, as Commerce stores them.
 *
 * @throws SettingsFileError
 */
export async function parseSettingsFile(source: string): Promise<SettingsTree> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(source, {
    schema: 'failsafe',
    customTags: ['null'],
    lineCounter: lines,
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new SettingsFileError(error.message, lines.linePos(error.pos[0]).line);
  }
  if (document.contents === null) return new Map();
  const tree = treeOf(document.contents, { yaml, document, lines });
  if (tree === null || typeof tree === 'string') {
    throw new SettingsFileError('the file is not a map of scopes', 1);
  }
  return tree;
}

interface Context {
  readonly yaml: typeof Yaml;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

function treeOf(node: unknown, context: Context, depth = 0): SettingsTree | string | null {
  const { yaml, document } = context;
  if (node === null) return null;
  if (yaml.isAlias(node)) return treeOf(node.resolve(document) ?? null, context, depth + 1);
  if (yaml.isScalar(node)) return textOf(node);
  if (!yaml.isMap(node) || depth > 50) {
    const line = yaml.isNode(node) ? lineOf(node, context) : 1;
    throw new SettingsFileError('a setting is a text, not a list', line);
  }
  const tree = new Map<string, SettingsTree | string | null>();
  for (const { key, value } of node.items) {
    const name = String(key);
    if (depth === 0 && !SCOPES.some((scope) => scope === name)) {
      throw new SettingsFileError(
        `“${name}” is not a scope; scopes are ${SCOPES.join(', ')}`,
        yaml.isNode(key) ? lineOf(key, context) : 1,
      );
    }
    tree.set(name, treeOf(value, context, depth + 1));
  }
  return tree;
}

function textOf({ type, value }: Scalar): string | null {
  if (typeof value !== 'string') return null;
  if (type === 'PLAIN' && value === 'true') return '1';
  return type === 'PLAIN' && value === 'false' ? '0' : value;
}

function lineOf(node: Node, { lines }: Context): number {
  return lines.linePos(node.range?.[0] ?? 0).line;
}
