import { CommerceDatabase } from '../commerce/database.js';
import { readShop, type Shop } from '../commerce/shop.js';
import type { Read } from '../commerce/read.js';
import type { Configuration } from '../configuration/configuration.js';
import { requireSettings } from '../configuration/require.js';
import { allFeeds } from '../feeds/registry.js';
import { requireMigrated } from '../store/migrate.js';
import { Store } from '../store/store.js';
import { shopOptions } from '../worker/shop-options.js';
import { configurationFor, type ConnectionFlags } from './edge.js';

/** The two databases of a command. */
export interface Databases {
  readonly configuration: Configuration;
  readonly store: Store;
  /** Runs `work` in one snapshot of the shop. */
  readonly inShop: <T>(work: (shop: Shop, read: Read) => Promise<T>) => Promise<T>;
}

/**
 * Runs `work` with the shop's database and the exporter's own, and closes both.
 *
 * @throws ExportError SDE10-01, SDE20-01, SDE20-03 and SDE30-01 where one of them cannot be used.
 */
export async function withDatabases<T>(
  flags: ConnectionFlags,
  work: (databases: Databases) => Promise<T>,
): Promise<T> {
  const needed = ['COMMERCE_DATABASE_URL', 'EXPORT_DATABASE_URL'] as const;
  const configuration = await configurationFor(flags, needed);
  const required = requireSettings(configuration, needed);
  const options = await shopOptions(configuration);
  const commerce = new CommerceDatabase({ url: required.COMMERCE_DATABASE_URL, connections: 1 });
  const store = new Store({
    databaseUrl: required.EXPORT_DATABASE_URL,
    tablePrefix: configuration.store.tablePrefix,
    connections: 2,
  });
  try {
    await requireMigrated(
      store,
      allFeeds().map((feed) => feed.table),
    );
    return await work({
      configuration,
      store,
      inShop: (inside) =>
        commerce.snapshot(async (read) => inside(await readShop(read, options), read)),
    });
  } finally {
    await Promise.all([commerce.close(), store.close()]);
  }
}
