import { once } from 'node:events';

import { CommerceDatabase } from '../../commerce/database.js';
import type { Configuration } from '../../configuration/configuration.js';
import { requireSettings } from '../../configuration/require.js';
import { ExportError } from '../../errors/export-error.js';
import type { FeedItem } from '../../feeds/feed.js';
import type { FeedName } from '../../feeds/names.js';
import { maskPersonalData } from '../../feeds/orders/privacy.js';
import type { OrderUuids } from '../../feeds/orders/uuids.js';
import { feedNamed } from '../../feeds/registry.js';
import { previewFeed } from '../../feeds/preview.js';
import { shopOptions } from '../../worker/shop-options.js';
import { configurationFor, type ConnectionFlags } from '../edge.js';
import { EXIT } from '../errors.js';
import { OutputFile } from '../output-file.js';

export interface PreviewFlags extends ConnectionFlags {
  readonly ids?: string;
  readonly byIds?: string;
  readonly idType?: string;
  readonly now?: string;
  readonly out?: string;
  readonly mask?: boolean;
  readonly stats?: boolean;
}

/**
 * Builds items straight from a database: no Temporal, nothing written but the output. Of the
 * exporter's own database only the UUIDs of orders are read, and only if a flag names it.
 */
export async function preview(name: string, flags: PreviewFlags): Promise<void> {
  const start = performance.now();
  const feed = feedNamed(name);
  const clock = clockAt(flags.now);
  const wanted = wantedIds(flags);
  const configuration = await configurationFor(flags, ['COMMERCE_DATABASE_URL']);
  const { COMMERCE_DATABASE_URL: url } = requireSettings(configuration, ['COMMERCE_DATABASE_URL']);
  const options = await shopOptions(configuration);
  const file = flags.out === undefined ? undefined : await OutputFile.open(flags.out);
  const kept =
    flags.storeUrl === undefined ? undefined : await openOrderUuids(configuration, flags.storeUrl);
  const database = new CommerceDatabase({ url, connections: configuration.commerce.connections });
  let ready = start;
  let pages = 0;
  let startupQueries = 0;
  let failures = 0;
  try {
    const items = await previewFeed(database, feed, {
      ...options,
      ...wanted,
      ...(kept === undefined ? {} : { orderUuids: kept.orderUuids }),
      clock: clock ?? (() => configuration.now ?? new Date()),
      settings: configuration.feeds.settings,
      write: async (lines) => {
        const shown = flags.mask === true ? masked(feed.name, lines) : lines;
        if (file !== undefined) await file.write(shown);
        else if (!process.stdout.write(shown)) await once(process.stdout, 'drain');
      },
      onReady: (count) => {
        ready = performance.now();
        pages = count;
        startupQueries = database.statistics.queries;
      },
      onWarning: ({ code, message }) => {
        process.stderr.write(`${code} ${feed.name}: ${message}\n`);
      },
      onFailure: (failure) => {
        failures += 1;
        process.stderr.write(
          `${failure.code} ${feed.name} ${failure.sourceId}${failure.identity === undefined ? '' : ` (${failure.identity.join(' · ')})`}: ${failure.message}\n`,
        );
      },
    });
    const seconds = (performance.now() - ready) / 1000;
    await file?.end();
    if (flags.stats === true) {
      const { queries, milliseconds } = database.statistics;
      const stats = {
        feed: feed.name,
        items,
        seconds: round(seconds, 3),
        itemsPerSecond: Math.round(items / seconds),
        startupSeconds: round((ready - start) / 1000, 3),
        peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
        queries,
        pages,
        queriesPerPage: pages === 0 ? 0 : round((queries - startupQueries) / pages, 1),
        databaseSeconds: round(milliseconds / 1000, 3),
      };
      process.stderr.write(`${JSON.stringify(stats)}\n`);
    }
    if (failures > 0) process.exitCode = EXIT.doneWithFailures;
  } finally {
    await Promise.all([database.close(), kept?.close(), file?.close()]);
  }
}

/** UUIDs of orders as the exporter keeps them. Its code is loaded only here: it delays the start. */
async function openOrderUuids(
  { store: { tablePrefix } }: Configuration,
  databaseUrl: string,
): Promise<{ readonly orderUuids: OrderUuids; close(): Promise<void> }> {
  const { Store } = await import('../../store/store.js');
  const { requireMigrated } = await import('../../store/migrate.js');
  const { storedOrderUuids } = await import('../../store/order-uuids.js');
  const store = new Store({ databaseUrl, tablePrefix, connections: 2 });
  try {
    await requireMigrated(store, []);
  } catch (error) {
    await store.close();
    throw error;
  }
  return { orderUuids: storedOrderUuids(store), close: () => store.close() };
}

function masked(feed: FeedName, lines: string): string {
  return lines
    .split('\n')
    .map((line) =>
      line === '' ? '' : JSON.stringify(maskPersonalData(feed, JSON.parse(line) as FeedItem)),
    )
    .join('\n');
}

function wantedIds(flags: PreviewFlags): {
  readonly ids?: readonly string[];
  readonly idType?: string;
} {
  if (flags.ids !== undefined && flags.byIds !== undefined) {
    throw new ExportError('SDE10-03', { message: '--ids does not go with --by-ids.' });
  }
  if (flags.ids !== undefined) {
    const ids = listOf('--ids', flags.ids);
    const wrong = ids.filter((id) => !/^\d+$/.test(id));
    if (wrong.length > 0) {
      throw new ExportError('SDE10-03', {
        message: `--ids takes source entity ids, not ${wrong.join(', ')}.`,
      });
    }
    return { ids, idType: 'entityId' };
  }
  if (flags.byIds === undefined) {
    if (flags.idType === undefined) return {};
    throw new ExportError('SDE10-03', { message: '--id-type needs --by-ids.' });
  }
  return {
    ids: listOf('--by-ids', flags.byIds),
    ...(flags.idType === undefined ? {} : { idType: flags.idType }),
  };
}

function listOf(flag: string, text: string): string[] {
  const list = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (list.length === 0) {
    throw new ExportError('SDE10-03', { message: `${flag} needs at least one id.` });
  }
  return list;
}

function clockAt(now: string | undefined): (() => Date) | undefined {
  if (now === undefined) return undefined;
  const time = new Date(now);
  if (!/^\d{4}-\d{2}-\d{2}T/.test(now) || Number.isNaN(time.getTime())) {
    throw new ExportError('SDE10-03', {
      message: `--now takes an RFC 3339 time such as 2026-11-21T22:40:05Z, not “${now}”.`,
    });
  }
  return () => time;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
