import { requireSettings } from '../configuration/require.js';
import { allFeeds } from '../feeds/registry.js';
import { requireMigrated } from '../store/migrate.js';
import { Store } from '../store/store.js';
import { configurationFor, type ConnectionFlags } from './edge.js';

/**
 * Runs `work` with the exporter's own database alone, and closes it.
 *
 * @throws ExportError SDE10-01, SDE20-03 and SDE30-01 where it cannot be used.
 */
export async function withStore<T>(
  flags: ConnectionFlags,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const configuration = await configurationFor(flags, ['EXPORT_DATABASE_URL']);
  const { EXPORT_DATABASE_URL: databaseUrl } = requireSettings(configuration, [
    'EXPORT_DATABASE_URL',
  ]);
  const { tablePrefix } = configuration.store;
  const store = new Store({ databaseUrl, tablePrefix, connections: 2 });
  try {
    await requireMigrated(
      store,
      allFeeds().map((feed) => feed.table),
    );
    return await work(store);
  } finally {
    await store.close();
  }
}
