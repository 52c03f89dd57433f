import mysql from 'mysql2/promise';

import { installCapture, type CaptureInstallation } from '../../commerce/capture/install.js';
import { printInstall } from '../../commerce/capture/print.js';
import { forgetSnapshots, takeSnapshot } from '../../commerce/capture/index-snapshot.js';
import { knownSources } from '../../commerce/capture/known-sources.js';
import { requireShopTables } from '../../commerce/shop.js';
import type { Configuration } from '../../configuration/configuration.js';
import { requireSettings } from '../../configuration/require.js';
import { ExportError } from '../../errors/export-error.js';
import { allFeeds } from '../../feeds/registry.js';
import { migrate } from '../../store/migrate.js';
import { boundFeeds } from '../../store/binding.js';
import { installationSql } from '../../store/recorded-sql.js';
import { Store } from '../../store/store.js';
import { requestSyncs } from '../../store/sync-requests.js';
import { captureOptions, feedsWatching, withCapture, type CapturedShop } from '../capture.js';
import { configurationFor, type ConnectionFlags } from '../edge.js';

export interface InstallFlags extends ConnectionFlags {
  readonly print?: boolean;
  /** Take over the state of Adobe's module. */
  readonly adopt?: boolean;
}

/**
 * Creates the exporter's database and tables and the triggers in the shop, or brings them up to
 * date. With `CAPTURE=compare` the shop is not touched.
 */
export async function install(flags: InstallFlags): Promise<void> {
  const configuration = await configurationFor(flags, ['EXPORT_DATABASE_URL']);
  const { EXPORT_DATABASE_URL: url } = requireSettings(configuration, ['EXPORT_DATABASE_URL']);
  const prefix = configuration.store.tablePrefix;
  const shop = capturedShop(configuration);
  if (shop !== undefined) await requireShop(url, prefix, shop);
  if (flags.print === true) {
    process.stdout.write(await installSql(url, prefix, shop));
    return;
  }
  const steps = await installStore(url, prefix);
  const sentences = [
    steps.length === 0
      ? 'The exporter’s tables are up to date.'
      : `Installed: ${steps.join(', ')}.`,
  ];
  if (shop === undefined) {
    sentences.push('No triggers: CAPTURE is `compare`.');
  } else {
    const installation = await installTriggers(url, prefix, shop);
    await compareAfter(url, prefix, installation);
    sentences.push(sentenceOf(installation));
  }
  process.stdout.write(`${sentences.join('\n')}\n`);
  if (flags.adopt === true) await (await import('./adopt.js')).adopt(flags);
}

/**
 * Before anything is made: the shop has to be there. An empty database may become one later; one
 * with other tables is another database, or has another table prefix.
 *
 * @throws ExportError SDE20-01 when it cannot be reached, SDE20-02 when it is no shop.
 */
async function requireShop(
  storeUrl: string,
  storePrefix: string,
  { databaseUrl, tablePrefix }: CapturedShop,
): Promise<void> {
  const rows = await withCapture(databaseUrl, (connection) =>
    connection.rows<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()`,
    ),
  );
  const tables = new Set(rows.map(({ name }) => name));
  const own = await ownTableNames(storeUrl, storePrefix, databaseUrl);
  if ([...tables].every((table) => own.has(table))) return;
  requireShopTables((table) => tables.has(table), tablePrefix);
}

/** The exporter's tables, where they are in the shop's own schema. */
async function ownTableNames(
  storeUrl: string,
  storePrefix: string,
  shopUrl: string,
): Promise<ReadonlySet<string>> {
  if (schemaOf(storeUrl) !== schemaOf(shopUrl)) return new Set();
  const statements = await installationSql(storePrefix, feedTables());
  return new Set(
    statements.flatMap((sql) => /^create table (?:if not exists )?`([^`]+)`/i.exec(sql)?.[1] ?? []),
  );
}

/** Creates database and tables where they are missing; returns what was done. */
export async function installStore(databaseUrl: string, tablePrefix: string): Promise<string[]> {
  await createDatabase(databaseUrl);
  const store = new Store({ databaseUrl, tablePrefix, connections: 1 });
  try {
    return await migrate(store, feedTables());
  } finally {
    await store.close();
  }
}

/**
 * Creates changelog and triggers in the shop, or puts them right; the store has to be installed.
 * Swapped index tables are taken as they are: whoever calls this has the feeds with gaps compared.
 */
export async function installTriggers(
  storeUrl: string,
  storePrefix: string,
  shop: CapturedShop,
): Promise<CaptureInstallation> {
  const store = new Store({ databaseUrl: storeUrl, tablePrefix: storePrefix, connections: 2 });
  try {
    return await withCapture(shop.databaseUrl, async (connection) => {
      const options = captureOptions(shop);
      const installation = await installCapture(connection, store, options);
      const { sources } = installation.plan;
      await forgetSnapshots(store, sources, await knownSources(store));
      for (const source of sources) {
        if (source.swapped.length > 0 && installation.gaps.includes(source.table)) {
          await takeSnapshot(store, options, source);
        }
      }
      return installation;
    });
  } finally {
    await store.close();
  }
}

/** Queues a full sync of feeds that ran before: changes may not have been noted until now. */
async function compareAfter(
  url: string,
  tablePrefix: string,
  { gaps }: CaptureInstallation,
): Promise<void> {
  const store = new Store({ databaseUrl: url, tablePrefix, connections: 1 });
  try {
    const bound = await boundFeeds(store);
    const concerned = feedsWatching(gaps).filter((feed) => bound.includes(feed));
    const reason = 'Triggers were made; changes may not have been noted until then.';
    await requestSyncs(
      store,
      concerned.map((feed) => ({ feed, reason })),
    );
  } finally {
    await store.close();
  }
}

/** Installs everything that settings name: the exporter's tables, and the triggers of the shop. */
export async function installAll(settings: Readonly<Record<string, string>>): Promise<void> {
  const storeUrl = settings['EXPORT_DATABASE_URL'] ?? '';
  const shop = {
    databaseUrl: settings['COMMERCE_DATABASE_URL'] ?? '',
    tablePrefix: settings['COMMERCE_TABLE_PREFIX'] ?? '',
  };
  await requireShop(storeUrl, '', shop);
  await installStore(storeUrl, '');
  if (settings['CAPTURE'] === 'compare') return;
  await installTriggers(storeUrl, '', shop);
}

function capturedShop(configuration: Configuration): CapturedShop | undefined {
  if (configuration.commerce.capture === 'compare') return undefined;
  const required = requireSettings(configuration, ['COMMERCE_DATABASE_URL']);
  return {
    databaseUrl: required.COMMERCE_DATABASE_URL,
    tablePrefix: configuration.commerce.tablePrefix,
    definer: configuration.commerce.captureDefiner,
  };
}

async function installSql(
  url: string,
  prefix: string,
  shop: CapturedShop | undefined,
): Promise<string> {
  const own = (await hasOwnTables(url, prefix))
    ? '-- The exporter’s own tables are there; `saas-export install` upgrades them.\n'
    : await ownTablesSql(url, prefix);
  if (shop === undefined) return own;
  const options = captureOptions(shop);
  const capture = await withCapture(shop.databaseUrl, (connection) =>
    printInstall(connection, options),
  );
  return `${own}\n${capture}`;
}

async function ownTablesSql(url: string, prefix: string): Promise<string> {
  const name = mysql.escapeId(schemaOf(url));
  const statements = await installationSql(prefix, feedTables());
  return `-- The exporter’s own tables.
CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
USE ${name};
${statements.map((sql) => `${sql};`).join('\n')}
`;
}

/** Asked of the schema as it is; one that is not there, or not to be seen, has none. */
async function hasOwnTables(url: string, prefix: string): Promise<boolean> {
  const store = new Store({ databaseUrl: url, tablePrefix: prefix, connections: 1 });
  try {
    return await store.knex.schema.hasTable(store.table('migration'));
  } catch {
    return false;
  } finally {
    await store.close();
  }
}

function sentenceOf({ plan, created, replaced, dropped, gaps }: CaptureInstallation): string {
  if (plan.sources.length === 0) {
    return 'No triggers: the shop’s database has none of the tables yet. Run this again when it has.';
  }
  if (created.length + replaced.length + dropped.length === 0 && gaps.length === 0) {
    return `All ${plan.triggers.length} triggers are in order.`;
  }
  const feeds = feedsWatching(gaps);
  return [
    `Triggers: ${created.length} created, ${replaced.length} replaced, ${dropped.length} dropped, on ${plan.sources.length} tables.`,
    ...(feeds.length === 0
      ? []
      : [`Feeds whose changes may have gone unnoticed until now: ${feeds.join(', ')}.`]),
  ].join('\n');
}

function feedTables(): string[] {
  return allFeeds().map((feed) => feed.table);
}

function schemaOf(databaseUrl: string): string {
  return decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
}

async function createDatabase(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  const name = schemaOf(databaseUrl);
  url.pathname = '/';
  try {
    const connection = await mysql.createConnection({ uri: url.href });
    try {
      await connection.query(
        `CREATE DATABASE IF NOT EXISTS ${mysql.escapeId(name)} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
      );
    } finally {
      await connection.end();
    }
  } catch (cause) {
    throw new ExportError('SDE20-03', {
      message: `The exporter’s database ${name} cannot be created or reached.`,
      cause,
    });
  }
}
