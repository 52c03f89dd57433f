import { allFeeds } from '../../feeds/registry.js';
import { print, type JsonFlag } from '../edge.js';
import { table } from '../table.js';

/** Prints the registry. */
export function feeds(flags: JsonFlag): void {
  const rows = allFeeds().map((feed) => ({
    feed: feed.name,
    mode: feed.mode,
    summary: feed.summary,
    identity: feed.identity,
    batchSize: feed.batchSize,
    table: feed.table,
  }));
  print(flags.json, rows, () =>
    table(
      ['feed', 'mode', 'identity', 'batch', 'what it holds'],
      rows.map((row) => [row.feed, row.mode, row.identity.join(', '), row.batchSize, row.summary]),
    ),
  );
}
