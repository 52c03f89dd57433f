import { join } from 'node:path';
import { existsSync } from 'node:fs';

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

import type { Feed, FeedItem } from '../src/feeds/feed.js';
import { deletionJson, formatStamp, itemJson, preparePage } from '../src/feeds/item.js';
import { allFeeds } from '../src/feeds/registry.js';
import { feedValidator } from '../src/feeds/validation.js';
import { ReferenceFolder } from '../src/sandbox/parity/reference-folder.js';
import { mutationsOf, type Mutation } from './contract-mutations.js';
import { TestShop } from './test-shop.js';

const data = process.env['PARITY_DATA'];
const now = new Date('2026-11-21T22:40:09Z');

describe.skipIf(data === undefined).each(['luma', 'rich'])(
  'the items of the reference exporter, of the shop %s of PARITY_DATA,',
  (name) => {
    test.each(allFeeds())('keep the contract of $name', (feed) => {
      const validate = feedValidator(feed);
      const items = goldenItems(name, feed);
      expect(items.flatMap((item) => validate(item))).toEqual([]);
    });
  },
);

describe('the contract of', () => {
  const generated = new Map<Feed, FeedItem[]>();

  beforeAll(async () => {
    for (const edition of ['open-source', 'commerce'] as const) {
      const shop = await TestShop.generated({ products: 60, storeViews: 3, edition, now });
      for (const feed of allFeeds()) {
        if (edition === 'open-source' && feed.requiredTables?.some(isOfCommerce) === true) continue;
        const items = await shop.preview(feed);
        generated.set(feed, [...(generated.get(feed) ?? []), ...items]);
      }
      await shop.close();
    }
  });

  test.each(allFeeds())('$name takes all items, and refuses them with a mistake', (feed) => {
    const items = samples(feed);
    const validate = feedValidator(feed);
    for (const item of items) expect(validate(item)).toEqual([]);
    refusesMistakes(items, validate, (item) => mutationsOf(feed.contract, item, requiredOf(feed)));
  });

  test.each(allFeeds())('$name takes all deletions, and refuses them with a mistake', (feed) => {
    const deletions = samples(feed).map((item) => deletionOf(feed, item));
    const validate = feedValidator(feed);
    for (const item of deletions) expect(validate(item)).toEqual([]);
    const required = (feed.contract as { required?: string[] }).required ?? [];
    const identity = feed.identity.filter((field) => required.includes(field));
    refusesMistakes(deletions, validate, (item) => mutationsOf(feed.contract, item, identity));
  });

  test.each(allFeeds())('$name refuses a stamp that is no time', (feed) => {
    const [item] = samples(feed);
    for (const stamp of ['yesterday', '2026-13-01 00:00:00', '', '1763764809']) {
      const stamped = { ...item, [feed.stamp.field]: stamp };
      expect(feedValidator(feed)(stamped).map(({ field }) => field)).toEqual([
        `/${feed.stamp.field}`,
      ]);
    }
  });

  function samples(feed: Feed): FeedItem[] {
    const items = [...(generated.get(feed) ?? [])];
    if (data !== undefined) items.push(...goldenItems('rich', feed));
    expect(items.length, `items of ${feed.name}`).toBeGreaterThan(0);
    const step = Math.ceil(items.length / 150);
    return items.filter((_, index) => index % step === 0);
  }
});

function refusesMistakes(
  items: readonly FeedItem[],
  validate: (item: FeedItem) => readonly unknown[],
  mutations: (item: FeedItem) => readonly Mutation[],
): void {
  fc.assert(
    fc.property(fc.constantFrom(...items), fc.nat(), (item, index) => {
      const possible = mutations(item);
      const mutation = possible[index % possible.length]!;
      expect(validate(mutation.apply(item)), mutation.name).not.toEqual([]);
    }),
    { numRuns: 200 },
  );
}

/** Stored rows of legacy feeds have neither `deleted` nor a stamp. */
function requiredOf(feed: Feed): readonly string[] | undefined {
  if (feed.mode === 'immediate') return undefined;
  const { required = [] } = feed.contract as { readonly required?: readonly string[] };
  return required.filter((field) => field !== 'deleted' && field !== feed.stamp.field);
}

/** The deletion that the engine makes of an item. */
function deletionOf(feed: Feed, item: FeedItem): FeedItem {
  const { deleted: _, [feed.stamp.field]: _stamp, ...collected } = item;
  const { items } = preparePage(feed, { items: [collected], failures: [] });
  const openJson = deletionJson(feed, items[0]!.storedJson);
  return JSON.parse(itemJson(feed, { openJson }, formatStamp(feed, now))) as FeedItem;
}

function isOfCommerce(table: string): boolean {
  return table.startsWith('magento_');
}

function goldenItems(name: string, feed: Feed): FeedItem[] {
  const path = join(data!, name);
  return existsSync(path) ? (new ReferenceFolder(path).golden(feed.name) ?? []) : [];
}
