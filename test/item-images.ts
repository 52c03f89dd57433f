import { CommerceDatabase } from '../src/commerce/database.js';
import type { Affected } from '../src/feeds/fan-out.js';
import { DEFAULT_FEED_SETTINGS, type Feed, type FeedSettings } from '../src/feeds/feed.js';
import type { FeedName } from '../src/feeds/names.js';
import { previewFeed } from '../src/feeds/preview.js';

interface Image {
  /** What counts of the item, in JSON. */
  readonly content: string;
  readonly sourceId: number;
  readonly sku: string | undefined;
}

/** An item that is not what it was. */
export interface Difference {
  readonly feed: FeedName;
  readonly identity: string;
  /** Undefined where there was none, or is none any more. */
  readonly before: Image | undefined;
  readonly after: Image | undefined;
}

export interface ItemImagesOptions {
  readonly tablePrefix?: string;
  readonly clock: () => Date;
  readonly settings?: FeedSettings;
}

/** What fresh exports of a shop give, from one time to the next. */
export class ItemImages {
  readonly #database: CommerceDatabase;
  readonly #options: ItemImagesOptions;
  readonly #images = new Map<FeedName, ReadonlyMap<string, Image>>();

  constructor(url: string, options: ItemImagesOptions) {
    this.#database = new CommerceDatabase({ url });
    this.#options = options;
  }

  /** The items that differ from those of the last time; none at the first time. */
  async differences(feeds: readonly Feed[]): Promise<Difference[]> {
    const differences: Difference[] = [];
    for (const feed of feeds) {
      const before = this.#images.get(feed.name);
      const after = await this.#export(feed);
      this.#images.set(feed.name, after);
      if (before === undefined) continue;
      for (const identity of new Set([...before.keys(), ...after.keys()])) {
        const [was, is] = [before.get(identity), after.get(identity)];
        if (was?.content === is?.content && was?.sourceId === is?.sourceId) continue;
        differences.push({ feed: feed.name, identity, before: was, after: is });
      }
    }
    return differences;
  }

  /** How many entities the last export of a feed was of. */
  entities(feed: FeedName): number {
    const images = [...(this.#images.get(feed)?.values() ?? [])];
    return new Set(images.map(({ sourceId }) => sourceId)).size;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #export(feed: Feed): Promise<Map<string, Image>> {
    const images = new Map<string, Image>();
    const uncounted = [feed.stamp.field, ...feed.unhashed];
    await previewFeed(this.#database, feed, {
      settings: DEFAULT_FEED_SETTINGS,
      ...this.#options,
      write: (lines) => {
        for (const line of lines.split('\n').filter((each) => each !== '')) {
          const item = JSON.parse(line) as Record<string, unknown>;
          const identity = feed.identity.map((field) => (item[field] ?? '') as string).join(' ');
          const sourceId = feed.sourceIdOf?.(item) ?? Number(item[feed.sourceIdField]);
          const sku = typeof item['sku'] === 'string' ? item['sku'] : undefined;
          const fields = Object.entries(item).filter(([field]) => !uncounted.includes(field));
          images.set(identity, { content: JSON.stringify(fields), sourceId, sku });
        }
      },
      // A broken entity keeps the items it had, which is nothing a fresh export could tell.
      onFailure: () => undefined,
    });
    return images;
  }
}

/**
 * Whether a partial sync of what is affected finds the difference. Of an identity that moved from
 * one entity to another it is enough that one is named: who shares it is known from the state.
 */
export function isFound({ feed, before, after }: Difference, affected: Affected): boolean {
  if (affected.wholeFeeds.has(feed)) return true;
  const named = new Set(affected.entities.get(feed));
  const images = [before, after].filter((image) => image !== undefined);
  if (before !== undefined && after !== undefined && before.sourceId !== after.sourceId) {
    return images.some(({ sourceId }) => named.has(sourceId));
  }
  return images.every(
    ({ sourceId, sku = '' }) =>
      named.has(sourceId) || affected.skus.get(feed)?.includes(sku) === true,
  );
}
