import type { CommerceDatabase } from '../commerce/database.js';
import type { Selection } from '../commerce/selection.js';
import type { CollectWarning, Feed, SourceContext } from '../feeds/feed.js';
import {
  feedIdOf,
  hashVersion,
  preparePage,
  type PreparedItem,
  type PreparedPage,
} from '../feeds/item.js';
import type { CollectionFailure } from '../store/settlements.js';
import { statesOfEntities, statesOfItems, type StateRow } from '../store/state-rows.js';
import type { Store } from '../store/store.js';
import type { Collection } from './collecting.js';
import { decide } from './decision.js';
import { collectIsolated } from './isolated-collection.js';
import { measured, type Observer, type StepName } from './observer.js';
import { partsOf } from './parts.js';
import type { OutgoingItem } from './sender.js';

/** A page of source entities, collected and compared with what the feed table knows. */
export interface DecidedPage {
  readonly seq: number;
  /** Source entities in the page. */
  readonly entities: number;
  readonly collected: number;
  readonly toSend: readonly OutgoingItem[];
  /** Items that the service has as they are, those included that were taken for missing. */
  readonly unchanged: readonly PreparedItem[];
  /** Of the unchanged ones, those that were taken for missing, or were another entity's. */
  readonly present: readonly PreparedItem[];
  /** Entities that yield an item owned by another one, or owned it until now and may yield it. */
  readonly rivals: readonly Pick<PreparedItem, 'feedId' | 'sourceId'>[];
  readonly failures: readonly CollectionFailure[];
  /** Row ids of items that the page's entities yield no more; none where deletions are not told. */
  readonly missing: readonly number[];
}

export interface PageReader {
  readonly feed: Feed;
  readonly commerce: CommerceDatabase;
  readonly store: Store;
  readonly collecting: {
    /** Numbers the collection, before its snapshot opens. */
    begin(): Promise<Collection>;
    warn(warning: CollectWarning): void;
    context(): Promise<SourceContext>;
  };
  /** Keep whole items, whatever the mode of the feed. Default false. */
  readonly persistExported?: boolean | undefined;
  readonly force: boolean;
  readonly firstSeq: number;
  /** Default: nobody is told. */
  readonly observer?: Observer | undefined;
}

/** Collects the entities of `selection` in one snapshot and decides what to do with each item. */
export async function readPage(
  reader: PageReader,
  selection: Selection,
  entities: number,
  signal?: AbortSignal,
): Promise<DecidedPage> {
  const { feed, commerce, store, collecting, observer } = reader;
  const step = <T>(name: StepName, work: () => Promise<T> | T): Promise<T> =>
    measured(observer, { feed: feed.name, name, entities }, work);
  const { seq, context, collect } = await collecting.begin();
  const parts = partsOf(observer, feed.name);
  const collected = await step('collect', () =>
    collectIsolated(
      { feed, commerce, context, collect, signal, onStatement: parts?.onStatement },
      selection,
    ),
  );
  parts?.tell(collected.items.length);
  const page = await step('hash', () => preparePage(feed, collected, reader.persistExported));
  page.warnings.forEach((warning) => collecting.warn(warning));

  const { rows, known } = await step('compare', async () => {
    const own = await statesOfEntities(store, feed.table, selection);
    const byItem = new Map(own.map((row) => [row.feedId, row]));
    const strangers = page.items.filter((item) => !byItem.has(item.feedId));
    const moved = await statesOfItems(
      store,
      feed.table,
      strangers.map((item) => item.feedId),
    );
    for (const row of moved) byItem.set(row.feedId, row);
    return { rows: own, known: byItem };
  });

  const covers = coverage(selection);
  /** An owner outside of the page may yield the item still, and is looked at when this one leaves. */
  const isTakenOver = (row: StateRow, { sourceId }: PreparedItem): boolean =>
    row.sourceId !== sourceId && !row.isMissing && !row.isDeleted && !covers(row.sourceId);
  const rules = {
    force: reader.force,
    firstSeq: reader.firstSeq,
    hashVersion: hashVersion(feed),
    covers,
  };
  const toSend: OutgoingItem[] = [];
  const present: PreparedItem[] = [];
  const rivals: Pick<PreparedItem, 'feedId' | 'sourceId'>[] = [...page.shadowed];
  const unchanged: PreparedItem[] = [];
  for (const item of page.items) {
    const row = known.get(item.feedId);
    const decision = decide(item, row, rules);
    if (decision !== 'rival' && row !== undefined && isTakenOver(row, item)) {
      rivals.push({ feedId: row.feedId, sourceId: row.sourceId });
    }
    switch (decision) {
      case 'send':
        toSend.push({ ...item, collectedSeq: seq, isDeleted: false });
        break;
      case 'present':
        present.push(item);
        unchanged.push(item);
        break;
      case 'rival':
        rivals.push(item);
        break;
      case 'unchanged':
        unchanged.push(item);
        break;
    }
  }

  observer?.items(feed.name, {
    collected: page.items.length,
    unchanged: unchanged.length,
    failed: page.failures.length,
  });
  const failures = page.failures.map((failure) => ({
    feedId: feedIdOf(failure.identity ?? ['', String(failure.sourceId)]),
    sourceId: failure.sourceId,
    error: `${failure.code}: ${failure.message}`,
    collectedSeq: seq,
  }));
  return {
    seq,
    entities,
    collected: page.items.length,
    toSend,
    unchanged,
    present,
    rivals,
    failures,
    missing: feed.removable ? missingRows(rows, page) : [],
  };
}

/** Rows whose entity yields their item no more, as far as its failures let that be told. */
function missingRows(
  rows: readonly StateRow[],
  { items, undecided, failures }: PreparedPage,
): number[] {
  const yielded = new Set(items.map((item) => item.feedId));
  const ownerOf = new Map(rows.map((row) => [row.feedId, row.sourceId]));
  const failed = new Set<string>();
  // Any item of these may be the one that failed: under another name, or the failure says none.
  const broken = new Set<number>();
  for (const { sourceId, identity = [] } of failures) {
    const feedId = feedIdOf(identity);
    if (identity.length > 0 && ownerOf.get(feedId) === sourceId) failed.add(feedId);
    else broken.add(sourceId);
  }
  return rows
    .filter(
      (row) =>
        !yielded.has(row.feedId) &&
        !undecided.has(row.feedId) &&
        !failed.has(row.feedId) &&
        !broken.has(row.sourceId) &&
        !row.isMissing &&
        !(row.isDeleted && row.status === 200),
    )
    .map((row) => row.id);
}

function coverage(selection: Selection): (sourceId: number) => boolean {
  if (selection.kind === 'range') {
    return (sourceId) => sourceId >= selection.from && sourceId <= selection.to;
  }
  const ids = new Set(selection.ids);
  return (sourceId) => ids.has(sourceId);
}
