import type { CommerceDatabase } from '../../commerce/database.js';
import { isAvailable } from '../../feeds/availability.js';
import type { Feed, FeedContext, FeedItem } from '../../feeds/feed.js';
import { identityOf } from '../../feeds/item.js';
import { maskPersonalField } from '../../feeds/orders/privacy.js';
import { documentedDifference } from '../../sandbox/parity/documented-differences.js';
import { fieldDifferences } from '../../sandbox/parity/field-differences.js';
import { referencePages, type PairedItem } from './reference-pages.js';
import { hasReferenceTable, type ReferenceRow } from './reference-rows.js';

/** How a feed of ours stands against the state of Adobe's module in the same shop. */
export interface ParityFeed {
  readonly feed: string;
  /** The module's table, without prefix. */
  readonly table: string;
  /** False where the shop has no such table, or this edition has no such feed. */
  readonly present: boolean;
  /** Items the module has sent, and those that we make. */
  readonly reference: number;
  readonly items: number;
  readonly equal: number;
  /** Items with other content, that the module never sent, and that we do not make. */
  readonly different: number;
  readonly missing: number;
  readonly extra: number;
  /** Why, with the number of items. */
  readonly reasons: Readonly<Partial<Record<ParityReason, number>>>;
  readonly examples: readonly ParityDifference[];
}

/** Why an item is not the same on both sides. */
export type ParityReason =
  /** The change is in the module’s changelog. */
  | 'the module has not exported the change yet'
  /** Its row says so. */
  | 'the module failed to send it'
  /** Only differences that docs/differences.md tells. */
  | 'documented difference'
  | 'we cannot collect it'
  | 'the module never sent it'
  | 'the module counts it as deleted'
  | 'the shop yields it no more'
  | 'other content';

export interface ParityDifference {
  readonly kind: 'different' | 'missing' | 'extra';
  readonly reason: ParityReason;
  readonly entityId: number;
  readonly feedId: string;
  readonly identity: readonly string[];
  /** Fields that differ, as far as the module keeps them. */
  readonly fields: readonly {
    readonly path: string;
    readonly reference?: unknown;
    readonly ours?: unknown;
    /** The heading in docs/differences.md, where the difference is meant. */
    readonly documented?: string;
  }[];
}

const EXAMPLES = 100;

/** Builds all items of a feed and compares them with the module's; nothing is sent or stored. */
export async function parityCheck(
  commerce: CommerceDatabase,
  feed: Feed,
  context: FeedContext,
): Promise<ParityFeed> {
  const { shop } = context;
  const tally = new Tally(feed);
  const present =
    isAvailable(shop, feed) &&
    (await commerce.snapshot((read) => hasReferenceTable(read, shop, feed)));
  if (!present) return tally.result(false);
  const unpaired = new Map<string, { readonly row: ReferenceRow; readonly reason: ParityReason }>();
  const claimed = new Set<string>();
  for await (const page of referencePages(commerce, feed, context)) {
    const broken = new Set(page.failures.map(({ sourceId }) => sourceId));
    for (const pair of page.pairs) {
      if (pair.row !== undefined && pair.row.sourceId !== pair.own.sourceId) {
        claimed.add(pair.own.feedId);
        // The higher id owns an identity that two entities yield, on both sides.
        if (pair.row.sourceId > pair.own.sourceId && !pair.row.isDeleted) continue;
      }
      tally.pair(pair, page.unexported.has(pair.own.sourceId));
    }
    for (const row of page.unpaired) {
      if (row.isDeleted) continue;
      const reason = broken.has(row.sourceId)
        ? 'we cannot collect it'
        : page.unexported.has(row.sourceId)
          ? 'the module has not exported the change yet'
          : 'the shop yields it no more';
      unpaired.set(row.feedId, { row, reason });
    }
  }
  for (const [feedId, { row, reason }] of unpaired) {
    if (!claimed.has(feedId)) tally.extra(row, reason);
  }
  return tally.result(true);
}

/** Counts what is found of one feed. */
class Tally {
  readonly #feed: Feed;
  readonly #counts = { reference: 0, items: 0, equal: 0, different: 0, missing: 0, extra: 0 };
  readonly #reasons: Partial<Record<ParityReason, number>> = {};
  readonly #examples: ParityDifference[] = [];

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  pair({ own, item, hash, row }: PairedItem, unexported: boolean): void {
    this.#counts.items += 1;
    if (row !== undefined && !row.isDeleted) this.#counts.reference += 1;
    if (row?.isDeleted === false && row.hash === hash) {
      this.#counts.equal += 1;
      return;
    }
    const fields = row === undefined ? [] : keptDifferences(this.#feed, row.data, item);
    this.#note({
      kind: row === undefined || row.isDeleted ? 'missing' : 'different',
      reason: reasonOf(this.#feed, row, unexported, fields),
      entityId: own.sourceId,
      feedId: own.feedId,
      identity: own.identity,
      fields,
    });
  }

  extra(row: ReferenceRow, reason: ParityReason): void {
    this.#counts.reference += 1;
    this.#note({
      kind: 'extra',
      reason,
      entityId: row.sourceId,
      feedId: row.feedId,
      identity: identityOf(this.#feed, row.data),
      fields: [],
    });
  }

  result(present: boolean): ParityFeed {
    return {
      feed: this.#feed.name,
      table: this.#feed.table,
      present,
      ...this.#counts,
      reasons: this.#reasons,
      examples: this.#examples,
    };
  }

  #note(difference: ParityDifference): void {
    this.#counts[difference.kind] += 1;
    this.#reasons[difference.reason] = (this.#reasons[difference.reason] ?? 0) + 1;
    if (this.#examples.length < EXAMPLES) this.#examples.push(difference);
  }
}

function reasonOf(
  feed: Feed,
  row: ReferenceRow | undefined,
  unexported: boolean,
  fields: ParityDifference['fields'],
): ParityReason {
  if (unexported) return 'the module has not exported the change yet';
  if (row === undefined) return 'the module never sent it';
  if (row.isDeleted) return 'the module counts it as deleted';
  if (feed.mode === 'immediate' && row.status !== 200) return 'the module failed to send it';
  const isDocumented =
    fields.length > 0 && fields.every(({ documented }) => documented !== undefined);
  return isDocumented ? 'documented difference' : 'other content';
}

/** Field by field, as far as the module keeps them: the minimal payload, or the whole item. */
function keptDifferences(
  feed: Feed,
  reference: FeedItem,
  ours: FeedItem,
): ParityDifference['fields'] {
  const ignored = new Set(['modifiedAt', 'updatedAt', 'deleted', ...feed.unhashed]);
  const whole = Object.keys(reference).some(
    (field) => !feed.minimalPayload.includes(field) && !ignored.has(field),
  );
  const clean = (item: FeedItem): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(item).filter(
        ([field]) => !ignored.has(field) && (whole || field in reference),
      ),
    );
  return fieldDifferences(clean(reference), clean(ours)).map((each) => {
    const documented = documentedDifference(feed.name, each)?.title;
    return {
      path: each.path,
      reference: maskPersonalField(feed.name, each.path, each.reference),
      ours: maskPersonalField(feed.name, each.path, each.ours),
      ...(documented === undefined ? {} : { documented }),
    };
  });
}
