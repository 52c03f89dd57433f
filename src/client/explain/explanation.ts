import type { PendingEntity } from '../../store/pending.js';
import type { ThreeWayDifference } from './differences.js';
import type { Verdict } from './reason.js';
import type { SourceFacts } from './source-facts.js';

/** Where an item stands, from the shop's row to the service: what `explain --json` prints. */
export interface Explanation {
  readonly feed: string;
  /** What was asked for, and how it was read: `sku`, `entityId`, `feedId`, `identity`, … */
  readonly asked: { readonly id: string; readonly readAs: string };
  /** Whether this edition of Commerce has the feed's tables. */
  readonly available: boolean;
  readonly entities: readonly EntityExplanation[];
  /** Why the thing is or is not in the service, in one sentence. */
  readonly sentence: string;
}

export interface EntityExplanation {
  readonly entityId: number;
  readonly source: SourceFacts;
  /** The oldest change that is not settled; null where none waits. */
  readonly pending: PendingEntity | null;
  /** What of it cannot be collected. */
  readonly failures: readonly { readonly code: string; readonly message: string }[];
  readonly items: readonly ItemExplanation[];
}

export interface ItemExplanation {
  readonly feedId: string;
  /** Values of the identity fields; null of an item of which nothing is kept. */
  readonly identity: readonly string[] | null;
  readonly verdict: Verdict;
  readonly sentence: string;
  /** What would be sent now, but for the stamp; null where the entity does not yield it. */
  readonly now: { readonly hash: string; readonly item: Readonly<Record<string, unknown>> } | null;
  /** What the exporter knows of it; null where it was never collected. */
  readonly sent: SentItem | null;
  readonly service: ServiceItem;
  readonly quarantine: QuarantinedItem | null;
  /** Fields that are not the same now, as kept of what was sent, and at the service. */
  readonly differences: readonly ThreeWayDifference[];
}

/** Times are UTC, `YYYY-MM-DD HH:MM:SS`. */
export interface SentItem {
  readonly entityId: number;
  /** Empty when nothing of the item counts as sent. */
  readonly hash: string;
  /** Whether the hash was made in today's way; if not, the item is sent again. */
  readonly recipeIsCurrent: boolean;
  readonly status: number;
  /** `sent`, `waiting`, `retry`, `failed` or `refused`. */
  readonly word: string;
  readonly error: string | null;
  readonly requestId: string | null;
  readonly stamp: string | null;
  readonly deleted: boolean;
  readonly deletionWaits: boolean;
  /** Its deletion is one of too many, and waits until a person approves them. */
  readonly deletionHeld: boolean;
  readonly attempts: number;
  readonly nextTryAt: string | null;
  readonly firstFailedAt: string | null;
  /** Whether the whole item is kept; else the fields that tell which one it is. */
  readonly keptWhole: boolean;
  /** The fields that are kept of it. */
  readonly kept: Readonly<Record<string, unknown>> | null;
}

export type ServiceItem =
  | { readonly state: 'unreadable'; readonly reason: string }
  | { readonly state: 'absent' }
  | {
      readonly state: 'held' | 'deleted';
      readonly stamp: string;
      readonly receivedAt: string;
      readonly requestId: string;
      readonly payload: Readonly<Record<string, unknown>>;
    };

/** An item that is not sent until its content changes. */
export interface QuarantinedItem {
  /** `ignored`: a person took it off the list. */
  readonly state: 'quarantined' | 'ignored';
  readonly since: string;
  /** Times that this content was refused. */
  readonly refusals: number;
  /** What the service said. */
  readonly reason: string;
}
