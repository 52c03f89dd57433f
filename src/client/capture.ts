import {
  connectForCapture,
  shopPlace,
  type CaptureConnection,
} from '../commerce/capture/connection.js';
import { parseDefiner } from '../commerce/capture/definer.js';
import type { CaptureInstallOptions } from '../commerce/capture/install.js';
import { isCaptured } from '../commerce/capture/family.js';
import type { FeedName } from '../feeds/names.js';
import { allFeeds, watchedTables } from '../feeds/registry.js';

/** Where a shop's triggers are made, and for whom. */
export interface CapturedShop {
  readonly databaseUrl: string;
  readonly tablePrefix: string;
  /** `user@host` */
  readonly definer?: string | undefined;
}

export function captureOptions(shop: CapturedShop): CaptureInstallOptions {
  return {
    ...shopPlace(shop.databaseUrl, shop.tablePrefix),
    tables: watchedTables(),
    ...(shop.definer === undefined ? {} : { definer: parseDefiner(shop.definer) }),
  };
}

/** Runs `work` with a connection of its own to the shop's schema. */
export async function withCapture<T>(
  databaseUrl: string,
  work: (connection: CaptureConnection) => Promise<T>,
): Promise<T> {
  const connection = await connectForCapture(databaseUrl);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Feeds that watch one of the tables: those need a full comparison when a table has a gap. */
export function feedsWatching(tables: readonly string[]): FeedName[] {
  return allFeeds()
    .filter(({ watches }) =>
      watches.some((watched) => tables.some((table) => isCaptured(watched, table))),
    )
    .map(({ name }) => name);
}
