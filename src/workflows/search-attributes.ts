import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  type SearchAttributeUpdatePair,
} from '@temporalio/common';

import type { FeedName } from '../feeds/names.js';

/**
 * What runs can be found by in the Temporal UI and with `temporal workflow list`. Few, because a
 * namespace on a SQL database has room for ten keywords and three numbers, for all its programs.
 * There is none for the shop: its task queue tells shops apart (`TaskQueue = 'acme-saas-export'`).
 */
export const SEARCH_ATTRIBUTE = {
  /** Of a run of one feed; launchers have none. */
  feed: defineSearchAttributeKey('SaasExportFeed', 'KEYWORD'),
  /** The operation in the words of the run record: `full sync`, `partial sync`, … */
  syncType: defineSearchAttributeKey('SaasExportSyncType', 'KEYWORD'),
  /** Set at the end: the outcome of the run record. */
  outcome: defineSearchAttributeKey('SaasExportOutcome', 'KEYWORD'),
  /** Who asked; `schedule` where nobody did. */
  requestedBy: defineSearchAttributeKey('SaasExportRequestedBy', 'KEYWORD'),
  /** Set at the end: items that were refused or failed. */
  itemsFailed: defineSearchAttributeKey('SaasExportItemsFailed', 'INT'),
} as const;

/** Who asked for what a schedule starts. */
export const REQUESTED_BY_SCHEDULE = 'schedule';

/** All of them, in the order in which they are registered. */
export const SEARCH_ATTRIBUTES = Object.values(SEARCH_ATTRIBUTE);

/** A keyword that is longer is refused by some servers, and the run with it. */
const LONGEST_KEYWORD = 255;

/** What is known of a run when it starts; for `typedSearchAttributes`. */
export function startAttributes(run: {
  readonly feed?: FeedName;
  readonly syncType: string;
  readonly requestedBy?: string | undefined;
}): SearchAttributePair[] {
  return [
    ...(run.feed === undefined ? [] : [{ key: SEARCH_ATTRIBUTE.feed, value: run.feed }]),
    { key: SEARCH_ATTRIBUTE.syncType, value: run.syncType },
    ...(run.requestedBy === undefined || run.requestedBy === ''
      ? []
      : [
          {
            key: SEARCH_ATTRIBUTE.requestedBy,
            value: run.requestedBy.slice(0, LONGEST_KEYWORD),
          },
        ]),
  ];
}

/** What is known of a run when it ends; for `upsertSearchAttributes`. */
export function endAttributes(end: {
  readonly outcome: string;
  /** Refused and failed items. */
  readonly itemsFailed: number;
}): SearchAttributeUpdatePair[] {
  return [
    { key: SEARCH_ATTRIBUTE.outcome, value: end.outcome },
    { key: SEARCH_ATTRIBUTE.itemsFailed, value: end.itemsFailed },
  ];
}
