import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { ExportError } from '../../errors/export-error.js';
import type { FeedName } from '../../feeds/names.js';
import { feedNamed } from '../../feeds/registry.js';
import type { Item } from './field-differences.js';

/** A Commerce dump, and what the reference exporter made of it. */
export class ReferenceFolder {
  readonly path: string;

  /** @throws ExportError SDE10-03 when the folder holds no dump. */
  constructor(path: string) {
    this.path = path;
    if (!existsSync(this.dump)) {
      throw new ExportError('SDE10-03', {
        message: `${path} is no reference folder: it has no commerce.sql.gz.`,
        cure: 'Name a folder with commerce.sql.gz and golden/<feed>.jsonl.gz.',
      });
    }
  }

  get dump(): string {
    return join(this.path, 'commerce.sql.gz');
  }

  /** The items of a full export, known mistakes corrected; undefined where the feed has none. */
  golden(feed: FeedName): Item[] | undefined {
    const file = join(this.path, 'golden', `${feed}.jsonl.gz`);
    if (!existsSync(file)) return undefined;
    const items = parseLines(gunzipSync(readFileSync(file)).toString('utf8'));
    this.#correct(feed, items);
    return items;
  }

  /** When the reference exported: catalog rule prices and orders depend on the date. */
  exportedAt(): Date | undefined {
    const times = (this.golden('prices') ?? [])
      .map((item) => item['updatedAt'])
      .filter((time) => typeof time === 'string')
      .sort();
    return times[0] === undefined ? undefined : new Date(times[0]);
  }

  #correct(feed: FeedName, items: readonly Item[]): void {
    const file = join(this.path, 'corrections.json');
    if (!existsSync(file)) return;
    const corrections = (
      JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, Item> | undefined>
    )[feed];
    if (corrections === undefined) return;
    for (const item of items) {
      for (const [path, value] of Object.entries(corrections[this.#key(feed, item)] ?? {})) {
        setAt(item, path.split('.'), value);
      }
    }
  }

  // Corrections name a price by SKU, website and group.
  #key(feed: FeedName, item: Item): string {
    const fields =
      feed === 'prices' ? ['sku', 'websiteCode', 'customerGroupCode'] : feedNamed(feed).identity;
    return fields
      .map((field) => String((item[field] as string | number | null | undefined) ?? ''))
      .join(' · ');
  }
}

export function parseLines(jsonl: string): Item[] {
  return jsonl
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Item);
}

function setAt(item: Item, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) item[first] = value;
  else setAt(item[first] as Item, rest, value);
}
