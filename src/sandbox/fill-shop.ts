import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';

import { generateCatalog } from './catalog/generate-catalog.js';
import type { CatalogOptions } from './catalog/options.js';
import type { Environment } from './servers/commands.js';
import { loadDump, type DumpTarget } from './servers/dump.js';
import { reported, type Report } from './servers/progress.js';

/** Lies beside the databases while the shop is being filled: where it stayed, the shop is not whole. */
const MARK = 'shop-is-being-filled';

export interface FillOptions {
  readonly server: DumpTarget;
  /** The shop's database. */
  readonly database: string;
  /** Where the mark lies. */
  readonly directory: string;
  readonly environment: Environment;
  /** A dump instead of a generated catalog. */
  readonly dump?: string | undefined;
  readonly catalog: CatalogOptions;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Makes and fills the shop's database, unless that was done to the end before. */
export async function fillShop(connection: Connection, options: FillOptions): Promise<void> {
  const { server, database, dump, catalog, environment, report, signal } = options;
  const mark = join(options.directory, MARK);
  if (existsSync(mark)) await connection.query('DROP DATABASE IF EXISTS ??', [database]);
  const [existing] = await connection.query('SHOW DATABASES LIKE ?', [database]);
  if (Array.isArray(existing) && existing.length > 0) return;
  await writeFile(mark, '');
  if (dump !== undefined) {
    await reported(report, 'Loading the dump', () =>
      loadDump(server, database, dump, { environment, signal }),
    );
  } else {
    await connection.query('CREATE DATABASE ?? CHARACTER SET utf8mb4', [database]);
    await connection.query('USE ??', [database]);
    await reported(
      report,
      `Generating a catalog of ${catalog.products.toLocaleString('en-US')} products`,
      () => generateCatalog(connection, { ...catalog, signal }),
    );
  }
  await rm(mark);
}
