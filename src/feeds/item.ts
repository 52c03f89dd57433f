import { hash } from 'node:crypto';

import type { Collected, CollectWarning, Feed, FeedItem, ItemFailure } from './feed.js';

/** Raised when the same item would hash differently: its text or the hash itself changed. */
const HASH_RECIPE = 1;

/** The version of the hash recipe of a feed, stored with each hash. */
export function hashVersion(feed: Pick<Feed, 'version'>): number {
  return HASH_RECIPE * 1000 + feed.version;
}

/** An item with all the engine needs to know of it; serialised once. */
export interface PreparedItem {
  readonly sourceId: number;
  /** Values of the identity fields, as `identityOf` gives them. */
  readonly identity: readonly string[];
  /** Lower-case hex SHA-1 of the identity, joined by NUL bytes. */
  readonly feedId: string;
  /** Lower-case hex SHA-1 of the content without stamp and unhashed fields. */
  readonly hash: string;
  /** The item's JSON but for the stamp and the closing brace. */
  readonly openJson: string;
  /** JSON of what the feed table keeps: the minimal payload, or the whole item. */
  readonly storedJson: string;
}

export interface PreparedPage {
  /** One item for each identity; where two entities yield one, the highest id owns it. */
  readonly items: readonly PreparedItem[];
  readonly failures: readonly ItemFailure[];
  readonly warnings: readonly CollectWarning[];
  /** Feed ids of items that are left as they are. */
  readonly undecided: ReadonlySet<string>;
  /** Items that another entity of the page, with a higher id, yields as well. */
  readonly shadowed: readonly Pick<PreparedItem, 'feedId' | 'sourceId'>[];
}

/** Whether the feed table keeps whole items: those of legacy feeds always, others if it is asked to. */
export function keepsItems(feed: Pick<Feed, 'mode'>, persistExported: boolean): boolean {
  return feed.mode === 'legacy' || persistExported;
}

/** Identity, hash and text of all items of a page. */
export function preparePage(
  feed: Feed,
  collected: Collected,
  /** Keep whole items, whatever the mode of the feed. */
  persistExported = false,
): PreparedPage {
  const failures = [...collected.failures];
  const items = new Map<string, PreparedItem>();
  const shadowed: PreparedItem[] = [];
  const required = requiredIdentity(feed);
  for (const item of collected.items) {
    const prepared = prepareItem(feed, item, required, keepsItems(feed, persistExported));
    if ('code' in prepared) {
      failures.push(prepared);
      continue;
    }
    const rival = items.get(prepared.feedId);
    if (rival !== undefined && rival.sourceId !== prepared.sourceId) {
      shadowed.push(rival.sourceId < prepared.sourceId ? rival : prepared);
    }
    if (rival === undefined || rival.sourceId <= prepared.sourceId) {
      items.set(prepared.feedId, prepared);
    }
  }
  return {
    items: [...items.values()],
    failures,
    warnings: collected.warnings ?? [],
    undecided: new Set((collected.undecided ?? []).map(feedIdOf)),
    shadowed: shadowed.map(({ feedId, sourceId }) => ({ feedId, sourceId })),
  };
}

/** The feed id of identity values: SHA-1 of the values that are there, joined by NUL bytes. */
export function feedIdOf(identity: readonly string[]): string {
  return hash('sha1', identity.join('\0'));
}

/** The values that make up an item's identity, in the feed's order; none when it has no identity. */
export function identityOf(
  feed: Pick<Feed, 'identity' | 'blanksInIdentity'>,
  item: FeedItem,
): string[] {
  const identity: string[] = [];
  let blank = true;
  for (const field of feed.identity) {
    const value = item[field] as string | number | null | undefined;
    if (value !== null && value !== undefined) {
      identity.push(String(value));
      blank = false;
    } else if (feed.blanksInIdentity === true) {
      identity.push('');
    }
  }
  return blank ? [] : identity;
}

/** The item as it is sent at `stamp` (already in the feed's format). */
export function itemJson(feed: Feed, item: Pick<PreparedItem, 'openJson'>, stamp: string): string {
  return `${item.openJson},"${feed.stamp.field}":"${stamp}"}`;
}

/**
 * The deletion of an item of which `storedJson` is kept, without stamp and closing brace. Of an
 * immediate feed it says no more than the minimal payload, also where the whole item is kept.
 */
export function deletionJson(
  feed: Pick<Feed, 'mode' | 'minimalPayload'>,
  storedJson: string,
): string {
  const told =
    feed.mode === 'legacy'
      ? storedJson
      : JSON.stringify(pick(JSON.parse(storedJson) as FeedItem, feed.minimalPayload));
  return `${told.slice(0, -1)},"deleted":true`;
}

/**
 * A kept item as it was collected; undefined where it was not kept whole, or its hash was made in
 * another way. `hash` and `version` are those of the content that was sent.
 */
export function keptItem(
  feed: Feed,
  storedJson: string,
  { hash: sent, version }: { readonly hash: string; readonly version: number },
): PreparedItem | undefined {
  if (storedJson === '' || sent === '' || version !== hashVersion(feed)) return undefined;
  const items = [JSON.parse(storedJson) as FeedItem];
  const [item] = preparePage(feed, { items, failures: [] }, true).items;
  return item?.hash === sent ? item : undefined;
}

/** Time in the format of the feed's stamp: `2026-11-21 22:40:05` or `2026-11-21T22:40:05+00:00`. */
export function formatStamp(feed: Pick<Feed, 'stamp'>, time: Date): string {
  const text = time.toISOString().slice(0, 19);
  return feed.stamp.format === 'sql' ? text.replace('T', ' ') : `${text}+00:00`;
}

/** The identity fields that no item of the feed can do without. */
function requiredIdentity({ identity, contract }: Feed): readonly string[] {
  const { required = [] } = contract as { readonly required?: readonly string[] };
  return identity.filter((field) => required.includes(field));
}

function prepareItem(
  feed: Feed,
  item: FeedItem,
  required: readonly string[],
  keepWhole: boolean,
): PreparedItem | ItemFailure {
  const sourceId = feed.sourceIdOf?.(item) ?? numberOf(item[feed.sourceIdField]);
  const identity = identityOf(feed, item);
  if (!Number.isSafeInteger(sourceId)) {
    return {
      sourceId: 0,
      identity,
      code: 'CDE01-07',
      message: `The item ${identity.join(' · ')} has no ${feed.sourceIdField}.`,
    };
  }
  const empty = required.find((field) => isBlank(item[field]));
  if (empty !== undefined) {
    return {
      sourceId,
      code: 'CDE01-16',
      message: `An item of ${feed.sourceIdField} ${sourceId} has no ${empty}.`,
    };
  }
  if (identity.length === 0) {
    return {
      sourceId,
      code: 'CDE01-16',
      message: `An item of ${feed.sourceIdField} ${sourceId} has none of ${feed.identity.join(', ')}.`,
    };
  }
  const { hashed, openJson } = textsOf(feed, item);
  return {
    sourceId,
    identity,
    feedId: feedIdOf(identity),
    hash: hash('sha1', hashed),
    openJson,
    storedJson: JSON.stringify(keepWhole ? item : pick(item, feed.minimalPayload)),
  };
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

function numberOf(id: unknown): number {
  return typeof id === 'number' || (typeof id === 'string' && id !== '') ? Number(id) : Number.NaN;
}

/** Serialised once, which is most of the work: fields that do not count are written last. */
function textsOf(feed: Feed, item: FeedItem): { hashed: string; openJson: string } {
  if (feed.unhashed.length === 0) {
    const openJson = `${JSON.stringify(item).slice(0, -1)},"deleted":false`;
    return { hashed: openJson, openJson };
  }
  const counted: Record<string, unknown> = { ...item };
  for (const field of feed.unhashed) counted[field] = undefined;
  const hashed = JSON.stringify(counted);
  const others = JSON.stringify(pick(item, feed.unhashed)).slice(1, -1);
  const open = others === '' ? hashed.slice(0, -1) : `${hashed.slice(0, -1)},${others}`;
  return { hashed, openJson: `${open},"deleted":false` };
}

function pick(item: FeedItem, fields: readonly string[]): FeedItem {
  const picked: Record<string, unknown> = {};
  for (const field of fields) {
    if (item[field] !== undefined) picked[field] = item[field];
  }
  return picked;
}
