import { type CaptureConnection, connectForCapture } from '../src/commerce/capture/connection.js';
import type { CapturedTable, Change } from '../src/commerce/capture/captured-table.js';
import { deleteChanges, readChanges } from '../src/commerce/capture/changelog.js';
import {
  installCapture,
  type CaptureInstallation,
  type CaptureInstallOptions,
} from '../src/commerce/capture/install.js';
import { checkCapture, type CaptureFinding } from '../src/commerce/capture/health.js';
import { knownSources } from '../src/commerce/capture/known-sources.js';
import type { ShopPlace } from '../src/commerce/capture/sql.js';
import { migrate } from '../src/store/migrate.js';
import { Store } from '../src/store/store.js';
import { freshDatabase } from './servers.js';

/** A few tables of a shop, the exporter's own tables, and the triggers between them. */
export class CaptureShop {
  readonly url: string;
  readonly place: ShopPlace;
  readonly store: Store;
  /** The shop's own connection. */
  readonly shop: CaptureConnection;
  /** The installer's. */
  readonly installer: CaptureConnection;
  readonly #others: CaptureConnection[] = [];

  private constructor(
    url: string,
    place: ShopPlace,
    store: Store,
    shop: CaptureConnection,
    installer: CaptureConnection,
  ) {
    this.url = url;
    this.place = place;
    this.store = store;
    this.shop = shop;
    this.installer = installer;
  }

  /** `tables` are statements that make the shop's tables. */
  static async make(tables: readonly string[], tablePrefix = ''): Promise<CaptureShop> {
    const commerce = await freshDatabase('capture');
    const store = new Store({ databaseUrl: (await freshDatabase('capture_store')).url });
    await migrate(store, []);
    const shop = await connectForCapture(commerce.url);
    for (const statement of tables) await shop.run(statement);
    const installer = await connectForCapture(commerce.url);
    return new CaptureShop(
      commerce.url,
      { schema: commerce.name, tablePrefix },
      store,
      shop,
      installer,
    );
  }

  install(
    tables: readonly CapturedTable[],
    options: Partial<CaptureInstallOptions> = {},
  ): Promise<CaptureInstallation> {
    return installCapture(this.installer, this.store, { ...this.place, tables, ...options });
  }

  async findings(tables: readonly CapturedTable[]): Promise<readonly CaptureFinding[]> {
    return (await checkCapture(this.installer, this.store, { ...this.place, tables })).findings;
  }

  /** Takes all changes off the changelog, as the mover does. */
  async takeChanges(): Promise<Change[]> {
    const sources = await knownSources(this.store);
    return this.store.transaction(async (transaction) => {
      const sql = {
        rows: <Row extends object>(text: string, values: readonly unknown[] = []) =>
          this.store.rows<Row>(text, values, transaction),
        run: (text: string, values: readonly unknown[] = []) =>
          this.store.run(text, values, transaction),
      };
      const changes = await readChanges(sql, this.place, sources, 100_000);
      await deleteChanges(
        sql,
        this.place,
        changes.map(({ id }) => id),
      );
      return changes;
    });
  }

  /** The same, as `table {key}` in the order they were noted. */
  async noted(): Promise<[string, Change['key']][]> {
    return (await this.takeChanges()).map(({ table, key }) => [table, key]);
  }

  /** Another connection of the shop. */
  async connect(url = this.url): Promise<CaptureConnection> {
    const connection = await connectForCapture(url);
    this.#others.push(connection);
    return connection;
  }

  async close(): Promise<void> {
    for (const other of this.#others) await other.close();
    await Promise.all([this.shop.close(), this.installer.close(), this.store.close()]);
  }
}
