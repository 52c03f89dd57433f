import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { findFeedName, type FeedName } from '../../feeds/names.js';
import type { Item } from './field-differences.js';
import { parseLines } from './reference-folder.js';

/** One change of a shop, and what the reference exporter sent after it. */
export interface PartialStep {
  /** 1 for the first. */
  readonly number: number;
  readonly id: string;
  readonly description: string;
  readonly change: Change;
  /** What the application's own full reindex changed afterwards, where it did. */
  readonly afterFullReindex: Change | undefined;
}

export interface Change {
  readonly sql: string;
  readonly expected: ReadonlyMap<FeedName, readonly Item[]>;
}

interface IndexEntry {
  readonly id: string;
  readonly description: string;
}

/** The steps of a reference folder, in their order: they build on one another. */
export function partialSteps(folder: string): PartialStep[] {
  const index = join(folder, 'partial', 'index.json');
  if (!existsSync(index)) return [];
  const entries = JSON.parse(readFileSync(index, 'utf8')) as readonly IndexEntry[];
  return entries.map(({ id, description }, at) => {
    const step = join(folder, 'partial', id);
    const change = changeOf(step, 'change.sql', 'expected');
    if (change === undefined) throw new Error(`the step ${id} has no change.sql`);
    const afterFullReindex = changeOf(
      step,
      'change-after-full-reindex.sql',
      'expected-after-full-reindex',
    );
    return { number: at + 1, id, description, change, afterFullReindex };
  });
}

function changeOf(step: string, sqlFile: string, expectedFolder: string): Change | undefined {
  const sql = join(step, sqlFile);
  const folder = join(step, expectedFolder);
  if (!existsSync(sql) && !existsSync(folder)) return undefined;
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return {
    sql: existsSync(sql) ? readFileSync(sql, 'utf8') : '',
    expected: new Map(
      files.flatMap((file) => {
        const feed = findFeedName(basename(file, '.jsonl'));
        return feed === undefined
          ? []
          : [[feed, parseLines(readFileSync(join(folder, file), 'utf8'))] as const];
      }),
    ),
  };
}
