import { isDeepStrictEqual } from 'node:util';

import type { FeedName } from '../../feeds/names.js';
import { feedNamed } from '../../feeds/registry.js';
import { documentedDifference } from './documented-differences.js';
import { fieldDifferences, type FieldDifference, type Item } from './field-differences.js';

/** How the items of a feed stand against those of the reference exporter. */
export interface Comparison {
  readonly feed: FeedName;
  readonly reference: number;
  readonly equal: number;
  /** Items that differ in nothing but what is documented. */
  readonly documented: number;
  readonly different: number;
  readonly missing: number;
  readonly extra: number;
  /** Equal and documented items in all items of either side; 1 when there are none. */
  readonly share: number;
  /** Documented differences by title, most frequent first, with an example. */
  readonly accepted: readonly FoundDifference[];
  /** Paths of fields that differ otherwise, most frequent first, with an example. */
  readonly paths: readonly FoundDifference[];
}

export interface FoundDifference {
  /** The path, or the title of a documented difference. */
  readonly name: string;
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
  const accepted = new Findings();
  const paths = new Findings();
  const counts = { equal: 0, documented: 0, different: 0, missing: 0 };
  for (const [key, item] of expected) {
    const ours = got.get(key);
    if (ours === undefined) {
      counts.missing += 1;
    } else if (isDeepStrictEqual(item, ours)) {
      counts.equal += 1;
    } else {
      const found = fieldDifferences(item, ours);
      const known = found.map((each) => documentedDifference(feed, each, actual)?.title);
      if (known.includes(undefined)) counts.different += 1;
      else counts.documented += 1;
      for (const [index, each] of found.entries()) {
        const title = known[index];
        if (title === undefined) paths.add(each.path, key, each);
        else accepted.add(title, key, each);
      }
    }
  }
  const extra = [...got.keys()].filter((key) => !expected.has(key)).length;
  const all = expected.size + extra;
  return {
    feed,
    reference: expected.size,
    ...counts,
    extra,
    share: all === 0 ? 1 : (counts.equal + counts.documented) / all,
    accepted: accepted.ranked(),
    paths: paths.ranked(),
  };
}

/** Differences by name, each item counted once. */
class Findings {
  readonly #found = new Map<string, { readonly example: string; readonly items: Set<string> }>();

  add(name: string, item: string, { reference, ours }: FieldDifference): void {
    const known = this.#found.get(name);
    if (known !== undefined) known.items.add(item);
    else {
      const example = `${item}: reference ${short(reference)}, ours ${short(ours)}`;
      this.#found.set(name, { example, items: new Set([item]) });
    }
  }

  ranked(): FoundDifference[] {
    return [...this.#found]
      .map(([name, { example, items }]) => ({ name, items: items.size, example }))
      .sort((a, b) => b.items - a.items);
  }
}

function byIdentity(feed: FeedName, items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [identityKey(feed, item), comparable(feed, item)]));
}

/** By what an item is recognised. A renamed category is a deletion and a new item with one id. */
export function identityKey(feed: FeedName, item: Item): string {
  const fields =
    feed === 'categories' ? ['categoryId', 'storeViewCode', 'deleted'] : feedNamed(feed).identity;
  return fields
    .map((field) => String((item[field] as string | number | null | undefined) ?? ''))
    .join(' · ');
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

function text(value: unknown): string {
  return JSON.stringify(value);
}

function short(value: unknown): string {
  return value === undefined ? 'absent' : text(value).slice(0, 90);
}
