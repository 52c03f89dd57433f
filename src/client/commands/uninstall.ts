import { createInterface } from 'node:readline/promises';

import { shopPlace } from '../../commerce/capture/connection.js';
import { printUninstall, uninstallCapture } from '../../commerce/capture/uninstall.js';
import { requireSettings } from '../../configuration/require.js';
import { ExportError } from '../../errors/export-error.js';
import { allFeeds } from '../../feeds/registry.js';
import { ownTableNames } from '../../store/recorded-sql.js';
import { Store } from '../../store/store.js';
import { withCapture } from '../capture.js';
import { configurationFor, type ConnectionFlags } from '../edge.js';

export interface UninstallFlags extends ConnectionFlags {
  readonly yes?: boolean;
  readonly print?: boolean;
}

/**
 * Removes every trace: the triggers and the changelog from the shop's schema, then the exporter's own
 * tables with the state of all feeds. The service keeps what it was sent.
 */
export async function uninstall(flags: UninstallFlags): Promise<void> {
  const configuration = await configurationFor(flags);
  const required = requireSettings(configuration, ['COMMERCE_DATABASE_URL', 'EXPORT_DATABASE_URL']);
  const place = shopPlace(required.COMMERCE_DATABASE_URL, configuration.commerce.tablePrefix);
  const storeUrl = required.EXPORT_DATABASE_URL;
  const feedTables = allFeeds().map((feed) => feed.table);
  const tables = await ownTableNames(configuration.store.tablePrefix, feedTables);
  const storeSchema = shopPlace(storeUrl, '').schema;

  await withCapture(required.COMMERCE_DATABASE_URL, async (connection) => {
    if (flags.print === true) {
      const drops = tables.map((name) => `DROP TABLE IF EXISTS \`${name}\`;`).join('\n');
      process.stdout.write(
        `${await printUninstall(connection, place)}USE \`${storeSchema}\`;\n${drops}\n`,
      );
      return;
    }
    if (flags.yes !== true) await confirm(place.schema, storeSchema);
    const dropped = await uninstallCapture(connection, place);
    const removed = await dropTables(storeUrl, tables);
    process.stdout.write(
      dropped.length + removed === 0
        ? 'There was nothing to remove.\n'
        : `Removed ${dropped.length} triggers and tables from ${place.schema}, ${removed} tables from ${storeSchema}.\n`,
    );
  });
}

async function dropTables(databaseUrl: string, tables: readonly string[]): Promise<number> {
  const store = new Store({ databaseUrl, connections: 1 });
  try {
    const present = await store.rows<{ name: string }>(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?',
      [shopPlace(databaseUrl, '').schema],
    );
    const names = new Set(present.map(({ name }) => name));
    const found = tables.filter((name) => names.has(name));
    for (const name of found) await store.run(`DROP TABLE IF EXISTS \`${name}\``);
    return found.length;
  } catch (error) {
    // A schema that is gone holds no trace.
    if (error instanceof Error && 'errno' in error && error.errno === 1049) return 0;
    throw error;
  } finally {
    await store.close();
  }
}

async function confirm(shop: string, store: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new ExportError('SDE10-03', {
      message: '`uninstall` removes the state of all feeds, and there is no terminal to ask at.',
      cure: 'Run `saas-export uninstall --yes`, or look at `saas-export uninstall --print` first.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(
    `This removes the triggers from ${shop} and the state of all feeds from ${store}.\nType the name of the shop’s database to go on: `,
  );
  terminal.close();
  if (answer.trim() !== shop) {
    throw new ExportError('SDE10-03', {
      message: 'Nothing was removed: that is not the name.',
      cure: 'Run it again, or with --yes.',
    });
  }
}
