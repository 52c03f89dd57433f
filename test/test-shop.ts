import mysql from 'mysql2/promise';

import { CommerceDatabase } from '../src/commerce/database.js';
import type { Selection } from '../src/commerce/selection.js';
import type { Read } from '../src/commerce/read.js';
import { readShop, type Shop } from '../src/commerce/shop.js';
import { DEFAULT_FEED_SETTINGS, type Collected, type Feed } from '../src/feeds/feed.js';
import { shopOrderUuids, type OrderUuids } from '../src/feeds/orders/uuids.js';
import { planPages, type SourcePages } from '../src/feeds/pages.js';
import { previewFeed } from '../src/feeds/preview.js';
import { generateCatalog } from '../src/sandbox/catalog/generate-catalog.js';
import type { CatalogOptions, Edition } from '../src/sandbox/catalog/options.js';
import { shopTables } from '../src/sandbox/catalog/schema/shop-schema.js';
import { createTable } from '../src/sandbox/catalog/schema/table.js';
import { freshDatabase } from './servers.js';

/** Tables without which no shop is read. */
const ALWAYS = [
  'catalog_product_entity',
  'catalog_category_entity',
  'core_config_data',
  'eav_attribute',
  'eav_entity_type',
  'flag',
  'store',
  'store_group',
  'store_website',
];

export interface BareShopOptions {
  /** Tables to make beside those without which no shop is read. */
  readonly tables: readonly string[];
  readonly edition?: Edition;
  readonly tablePrefix?: string;
}

type Value = string | number | null;

/** A shop in a database of its own, which is dropped after the test file. */
export class TestShop {
  readonly #database: CommerceDatabase;
  readonly #connection: mysql.Connection;
  readonly #tablePrefix: string;
  readonly url: string;

  private constructor(url: string, connection: mysql.Connection, tablePrefix: string) {
    this.#database = new CommerceDatabase({ url });
    this.#connection = connection;
    this.#tablePrefix = tablePrefix;
    this.url = url;
  }

  /** A few empty tables without foreign keys, but for the admin's scopes: for rows by hand. */
  static async bare(options: BareShopOptions): Promise<TestShop> {
    const { tables, edition = 'open-source', tablePrefix = '' } = options;
    const { url } = await freshDatabase('bare_shop');
    const connection = await mysql.createConnection(url);
    await connection.query(`SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'`);
    for (const table of shopTables(edition, { storeIds: [], stockIds: [] })) {
      if (![...ALWAYS, ...tables].includes(table.name)) continue;
      const bare = { ...table, foreignKeys: [] };
      await connection.query(createTable(bare, { prefix: tablePrefix, keysLater: false }));
    }
    const shop = new TestShop(url, connection, tablePrefix);
    await shop.insert('store_website', [{ website_id: 0, code: 'admin' }]);
    await shop.insert('store_group', [{ group_id: 0, website_id: 0, code: 'default', name: '' }]);
    await shop.insert('store', [{ store_id: 0, code: 'admin', name: '' }]);
    return shop;
  }

  /** A whole generated shop. */
  static async generated(options: CatalogOptions): Promise<TestShop> {
    const { url } = await freshDatabase('generated_shop');
    const connection = await mysql.createConnection(url);
    await generateCatalog(connection, options);
    return new TestShop(url, connection, options.tablePrefix ?? '');
  }

  /** Inserts rows; the columns of the first one count for all. */
  async insert(table: string, rows: readonly Readonly<Record<string, Value>>[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {});
    await this.#connection.query('INSERT INTO ?? (??) VALUES ?', [
      `${this.#tablePrefix}${table}`,
      columns,
      rows.map((row) => columns.map((column) => row[column])),
    ]);
  }

  /** Runs a statement; `{table}` stands for the name with prefix. */
  async run(sql: string): Promise<void> {
    await this.#connection.query(this.#prefixed(sql));
  }

  /** Rows of a query, `{table}` as above. */
  async rows<Row>(sql: string): Promise<Row[]> {
    const [rows] = await this.#connection.query(this.#prefixed(sql));
    return rows as Row[];
  }

  /** What a feed collects of some entities, all by default. */
  collect(
    feed: Feed,
    selection: Selection = everything,
    orderUuids: OrderUuids = shopOrderUuids,
  ): Promise<Collected> {
    return this.inShop(async (shop, read) => {
      const collect = await feed.open({ shop, clock, settings, orderUuids }, read);
      return await collect(read, selection);
    });
  }

  /** The pages of a full sync. */
  pages(feed: Feed, size: number): Promise<SourcePages> {
    return this.inShop((shop, read) =>
      planPages(read, shop, feed.source({ shop, clock, settings }), size),
    );
  }

  /** Runs `work` in one snapshot of the shop. */
  inShop<T>(work: (shop: Shop, read: Read) => Promise<T>): Promise<T> {
    return this.#database.snapshot(async (read) =>
      work(await readShop(read, { tablePrefix: this.#tablePrefix }), read),
    );
  }

  /** A whole export, as it would be sent. */
  async preview(feed: Feed, ids?: readonly string[]): Promise<Record<string, unknown>[]> {
    let text = '';
    await previewFeed(this.#database, feed, {
      tablePrefix: this.#tablePrefix,
      clock,
      settings,
      ...(ids === undefined ? {} : { ids }),
      write: (lines) => {
        text += lines;
      },
      onFailure: (failure) => {
        throw new Error(failure.message);
      },
    });
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Queries sent so far. */
  get queries(): number {
    return this.#database.statistics.queries;
  }

  async close(): Promise<void> {
    await this.#connection.end();
    await this.#database.close();
  }

  #prefixed(sql: string): string {
    return sql.replaceAll(/\{(\w+)\}/g, (_, table: string) => `\`${this.#tablePrefix}${table}\``);
  }
}

const clock = (): Date => new Date('2026-11-21T22:40:09Z');
const settings = DEFAULT_FEED_SETTINGS;
const everything: Selection = { kind: 'range', from: 0, to: Number.MAX_SAFE_INTEGER };
