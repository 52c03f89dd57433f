import type { Connection, Pool } from 'mysql2/promise';

import { planAttributes } from './attributes/attributes.js';
import { writeAttributeSets } from './attributes/write-attribute-sets.js';
import { writeAttributes } from './attributes/write-attributes.js';
import { BulkWriter, type Statements } from './bulk-writer.js';
import type { Catalog } from './catalog.js';
import { planCategories } from './categories/category-tree.js';
import { writeCategories } from './categories/write-categories.js';
import { createShop, finishShop } from './create-shop.js';
import { catalogSettings, type CatalogOptions, type CatalogProgress } from './options.js';
import { ProductPool } from './products/pool.js';
import { writePermissions } from './products/write-permissions.js';
import { writeProducts, type ProductCounts } from './products/write-products.js';
import { writeRatings, writeReviews } from './reviews/write-reviews.js';
import { writeOrders } from './sales/write-orders.js';
import { planScopes, type StoreView, type Website } from './scopes/scopes.js';
import { writeInventoryScopes } from './scopes/write-inventory.js';
import { writeScopes } from './scopes/write-scopes.js';
import { writeSystem } from './write-system.js';

export interface CatalogSummary {
  /** Rows of every table that has any, by name without prefix. */
  readonly rows: Readonly<Record<string, number>>;
  readonly totalRows: number;
  readonly products: ProductCounts;
  readonly websites: readonly Website[];
  readonly storeViews: readonly StoreView[];
}

/**
 * Creates the Commerce tables in an empty database and fills them: the same options give the same
 * rows. Memory stays bounded at any size; 20,000 products with four store views are about a
 * million rows.
 *
 * @param database a mysql2 connection or pool with that database selected; of a pool, one
 *   connection is used. The connection's session settings are put back at the end.
 * @throws ExportError SDE10-03 when an option is out of range or the database holds one of the
 *   tables; nothing was changed then.
 */
export async function generateCatalog(
  database: Connection | Pool,
  options: CatalogOptions,
): Promise<CatalogSummary> {
  const settings = catalogSettings(options);
  if (!('getConnection' in database)) return generate(database, settings);
  const connection = await database.getConnection();
  try {
    return await generate(connection, settings);
  } finally {
    connection.release();
  }
}

async function generate(
  connection: Statements,
  settings: ReturnType<typeof catalogSettings>,
): Promise<CatalogSummary> {
  const scopes = planScopes(settings);
  const writer = new BulkWriter(connection, settings.tablePrefix);
  const catalog: Catalog = {
    settings,
    scopes,
    writer,
    attributes: planAttributes(settings.edition, scopes.storeViews),
    link: settings.edition === 'commerce' ? 'row_id' : 'entity_id',
  };
  const report = (step: CatalogProgress['step'], done: number, total: number): void => {
    settings.onProgress({ step, done, total, rows: writer.totalRows });
    settings.signal?.throwIfAborted();
  };
  /** Counts in steps of a hundred, and waits for the database where it is behind. */
  const counting = (step: CatalogProgress['step'], done: number, total: number) => {
    if (done % 100 !== 0 && done !== total) return undefined;
    report(step, done, total);
    return writer.ready();
  };

  const shop = await createShop(connection, settings, scopes, report);
  try {
    writeScopes(writer, settings, scopes);
    writeInventoryScopes(writer, scopes);
    writeAttributeSets(catalog);
    writeAttributes(catalog);
    writeRatings(catalog);
    writeSystem(catalog);
    report('scopes', 1, 1);

    const tree = planCategories(settings, scopes);
    writeCategories(catalog, tree);
    writePermissions(catalog, tree);
    report('categories', tree.categories.length, tree.categories.length);

    const pool = new ProductPool();
    const products = await writeProducts(catalog, tree, pool, (done) =>
      counting('products', done, settings.products),
    );
    await writeReviews(catalog, (done, total) => counting('reviews', done, total));
    await writeOrders(catalog, pool, (done, total) => counting('orders', done, total));
    await writer.flush();
    await finishShop(connection, shop, writer.rows, report);
    await shop.restoreSession();
    return {
      rows: writer.rows,
      totalRows: writer.totalRows,
      products,
      websites: scopes.websites,
      storeViews: scopes.storeViews,
    };
  } catch (error) {
    // The first failure counts, not that the connection may be gone.
    await shop.restoreSession().catch(() => undefined);
    throw error;
  }
}
