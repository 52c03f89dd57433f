import { isDeepStrictEqual } from 'node:util';

import type { FeedName } from '../../feeds/names.js';
import { feedNamed } from '../../feeds/registry.js';

export type Item = Record<string, unknown>;

/** How the items of a feed stand against those of the reference exporter. */
export interface Comparison {
  readonly feed: FeedName;
  readonly reference: number;
  readonly equal: number;
  readonly different: number;
  readonly missing: number;
  readonly extra: number;
  /** Equal items in all items of either side; 1 when there are none. */
  readonly share: number;
  /** Paths of fields that differ, most frequent first, with an example. */
  readonly paths: readonly PathDifference[];
}

export interface PathDifference {
  readonly path: string;
  readonly items: number;
  readonly example: string;
}

/** Compares by identity, deeply; stamps and the order that the reference leaves open do not count. */
export function compareFeed(
  feed: FeedName,
  reference: readonly Item[],
  actual: readonly Item[],
): Comparison {
  const expected = byIdentity(feed, reference);
  const got = byIdentity(feed, actual);
  let equal = 0;
  let missing = 0;
  const paths = new Map<string, { items: number; example: string }>();
  for (const [key, item] of expected) {
    const other = got.get(key);
    if (other === undefined) {
      missing += 1;
    } else if (isDeepStrictEqual(item, other)) {
      equal += 1;
    } else {
      for (const [path, example] of new Map(differences(item, other, ''))) {
        const known = paths.get(path);
        paths.set(path, {
          items: (known?.items ?? 0) + 1,
          example: known?.example ?? `${key}: ${example}`,
        });
      }
    }
  }
  const extra = [...got.keys()].filter((key) => !expected.has(key)).length;
  const all = expected.size + extra;
  return {
    feed,
    reference: expected.size,
    equal,
    different: expected.size - equal - missing,
    missing,
    extra,
    share: all === 0 ? 1 : equal / all,
    paths: [...paths]
      .map(([path, found]) => ({ path, ...found }))
      .sort((a, b) => b.items - a.items),
  };
}

function byIdentity(feed: FeedName, items: readonly Item[]): Map<string, Item> {
  // A renamed category is a deletion and a new item with one category id.
  const fields =
    feed === 'categories' ? ['categoryId', 'storeViewCode', 'deleted'] : feedNamed(feed).identity;
  return new Map(
    items.map((item) => [
      fields.map((field) => String(item[field] ?? '')).join(' · '),
      comparable(feed, item),
    ]),
  );
}

function comparable(feed: FeedName, item: Item): Item {
  const { mode, stamp } = feedNamed(feed);
  const { [stamp.field]: _, modifiedAt, ...rest } = item;
  const kept: Item = { ...rest };
  if (mode === 'legacy' && kept['deleted'] === false) delete kept['deleted'];
  if (kept['deleted'] === true) delete kept['urlPath'];
  return unordered(feed, kept);
}

/** Lists whose order the reference leaves to the database. */
function unordered(feed: FeedName, item: Item): Item {
  switch (feed) {
    case 'prices':
      return { ...item, ...sortedList(item, 'tierPrices') };
    case 'variants':
      return { ...item, ...sortedList(item, 'optionValues') };
    case 'reviews':
      return { ...item, ...sortedList(item, 'visibility') };
    case 'products':
      return {
        ...item,
        ...sortedList(item, 'samples'),
        ...mapList(item, 'optionsV2', (option) =>
          option['type'] === 'downloadable'
            ? { ...option, ...sortedList(option, 'values') }
            : option,
        ),
        ...mapList(item, 'attributes', (attribute) =>
          attribute['attributeCode'] === 'ac_downloadable' ? downloadable(attribute) : attribute,
        ),
      };
    default:
      return item;
  }
}

function downloadable(attribute: Item): Item {
  const texts = attribute['value'];
  if (!Array.isArray(texts)) return attribute;
  const value = texts.map((text: string) => {
    const parsed = JSON.parse(text) as Item;
    return { ...parsed, ...sortedList(parsed, 'samples'), ...sortedList(parsed, 'links') };
  });
  return { ...attribute, value };
}

function sortedList(item: Item, field: string): Item {
  const list = item[field];
  if (!Array.isArray(list)) return {};
  return { [field]: [...(list as unknown[])].sort((a, b) => (text(a) < text(b) ? -1 : 1)) };
}

function mapList(item: Item, field: string, change: (entry: Item) => Item): Item {
  const list = item[field];
  return Array.isArray(list) ? { [field]: (list as Item[]).map(change) } : {};
}

function* differences(a: unknown, b: unknown, path: string): Generator<[string, string]> {
  if (isDeepStrictEqual(a, b)) return;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) {
      yield [`${path}[].length`, `reference ${a.length}, ours ${b.length}`];
      return;
    }
    for (const [index, entry] of a.entries()) yield* differences(entry, b[index], `${path}[]`);
  } else if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      yield* differences(a[key], b[key], path === '' ? key : `${path}.${key}`);
    }
  } else {
    yield [path, `reference ${short(a)}, ours ${short(b)}`];
  }
}

function isObject(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return JSON.stringify(value);
}

function short(value: unknown): string {
  return value === undefined ? 'absent' : text(value).slice(0, 90);
}
