import type { Static, TSchema } from 'typebox';

import type { CapturedTable, ChangeKey } from '../commerce/capture/captured-table.js';
import type { Read } from '../commerce/read.js';
import type { Selection } from '../commerce/selection.js';
import type { Shop } from '../commerce/shop.js';
import type { ErrorCode } from '../errors/codes.js';
import type { FeedName } from './names.js';
import type { OrderUuids } from './orders/uuids.js';

/** One object of a feed, as `collect` makes it: without `deleted` and without the stamp. */
export type FeedItem = Readonly<Record<string, unknown>>;

/** An item of the contract, as a provider assembles it: the engine adds `deleted` and the stamp. */
export type ItemOf<Contract extends TSchema, Stamp extends string = 'modifiedAt'> = Omit<
  Static<Contract>,
  'deleted' | Stamp
>;

/** Something of an entity that could not be made into items; the rest of the page is not touched. */
export interface ItemFailure {
  readonly sourceId: number;
  /** Values of the identity fields, in the feed's order, where one item is concerned. */
  readonly identity?: readonly string[];
  readonly code: ErrorCode;
  /** What is wrong, naming the row. */
  readonly message: string;
}

/** Something people should know of although all items go out. */
export interface CollectWarning {
  readonly code: ErrorCode;
  readonly message: string;
}

export interface Collected<Item extends FeedItem = FeedItem> {
  readonly items: readonly Item[];
  readonly failures: readonly ItemFailure[];
  readonly warnings?: readonly CollectWarning[];
  /** Identities of which it cannot be told whether they are there: they are left as they are. */
  readonly undecided?: readonly (readonly string[])[];
}

/**
 * Reads a page of source entities and returns all their items: a handful of set-based queries,
 * their number independent of the entities. Entities that are gone yield nothing.
 */
export type Collect<Item extends FeedItem = FeedItem> = (
  read: Read,
  selection: Selection,
) => Promise<Collected<Item>>;

/** Where a feed's source entities are enumerated. */
export interface Source {
  /** Without table prefix. */
  readonly table: string;
  readonly idColumn: string;
  /** Which ids people may name entities by, and the column of `table` that holds them. */
  readonly idTypes: Readonly<Record<string, string>>;
  /** SQL condition on rows of `table` that a full sync covers; all by default. */
  readonly where?: string;
  /**
   * Whether `where` leaves few rows of a large table, and an index finds them: pages are then found
   * by that index, not by walking along the ids. Default false.
   */
  readonly selective?: boolean;
}

/**
 * A table whose changes may change the feed, and which of its entities they concern. A feed may
 * watch a table several times, each time for other changes or other entities. An entity may be
 * named in vain (its items come out unchanged and are not sent); none may be missing.
 */
export interface WatchedTable extends CapturedTable {
  /** The entities a change concerns, for people: `the product`, `all products`. */
  readonly concerns: string;
  /** Which changes count, as far as their key tells. Default: all. */
  readonly when?: (key: ChangeKey, shop: Shop) => boolean;
  /** What `when` asks for, for people: `of the URL key`. */
  readonly limitedTo?: string;
  /** The column of `key` that names the entity itself, and what it holds. */
  readonly names?: EntityReference;
  /**
   * SQL that selects the ids of the entities concerned, one column, from the table `changed`, whose
   * columns are those of `key`. NULL stands for more entities than can be told, as do more than
   * `most`. Undefined: none in this shop, as where a table is missing.
   */
  readonly entities?: (shop: Shop, most: number) => string | undefined;
  /** From that many different keys at once on, the whole feed is concerned. Default: no limit. */
  readonly tooMany?: number;
  /** Whether a change concerns the whole feed. Default false. */
  readonly wholeFeed?: boolean;
  /** Whether collectors keep what the table says for an epoch, so that a change of it ends one. */
  readonly cached?: boolean;
}

/** How a column refers to an entity. A link is `row_id` on Adobe Commerce, else the entity's id. */
export interface EntityReference {
  readonly column: string;
  readonly as: 'entity' | 'sku' | 'product link' | 'category link';
}

/** What a feed is collected with; one for each epoch. */
export interface FeedContext {
  readonly shop: Shop;
  /** The time of the export, for rules that depend on it (never for stamps). */
  readonly clock: () => Date;
  readonly settings: FeedSettings;
  /** orders: where the UUIDs of orders and their parts come from. */
  readonly orderUuids: OrderUuids;
}

/** What the source entities of a feed may depend on. */
export type SourceContext = Pick<FeedContext, 'shop' | 'clock' | 'settings'>;

/** Switches of the payload that a database alone cannot tell. */
export interface FeedSettings {
  /** products: the module ExtraProductAttributes is installed (`ac_inventory`, …). Default false. */
  readonly extraProductAttributes: boolean;
  /** orders: how many days back a full sync reaches. Default 7. */
  readonly orderDays: number;
}

export const DEFAULT_FEED_SETTINGS: FeedSettings = {
  extraProductAttributes: false,
  orderDays: 7,
};

export interface FeedDefinition<Contract extends TSchema = TSchema> {
  readonly name: FeedName;
  /** The feed in a few words, for people. */
  readonly summary: string;
  /** `immediate`: collected and sent in one pass. `legacy`: indexed whole, then published. */
  readonly mode: 'immediate' | 'legacy';
  /** Name of the feed table in the store, without prefix. */
  readonly table: string;
  /** Raised when items of an unchanged source come out differently: they are then sent again. */
  readonly version: number;
  readonly contract: Contract;
  /** Fields that make up an item's identity, in the order of the feed id. */
  readonly identity: readonly (keyof Static<Contract> & string)[];
  /** Fields kept of a sent item, and sent with its deletion. */
  readonly minimalPayload: readonly (keyof Static<Contract> & string)[];
  /** Fields that do not count when content is compared. The stamp never does. */
  readonly unhashed: readonly (keyof Static<Contract> & string)[];
  /** The field that is set when an item is sent, and how time is written there. */
  readonly stamp: {
    readonly field: 'modifiedAt' | 'updatedAt';
    readonly format: 'sql' | 'rfc3339';
  };
  /** The field that holds the source entity's id. */
  readonly sourceIdField: keyof Static<Contract> & string;
  /** The source entity's id, where the field holds it in another form than decimal digits. */
  sourceIdOf?(item: FeedItem): number;
  /**
   * Whether an identity field that is null or absent counts as the empty string, so that each
   * field keeps its place. Default false: such fields are left out.
   */
  readonly blanksInIdentity?: boolean;
  /**
   * Whether two entities may well yield one identity (categories: two with one URL path). Default
   * false: the shop keeps them apart, and a fresh export need not look for it across pages.
   */
  readonly sharedIdentities?: boolean;
  /** Items a request holds by default. */
  readonly batchSize: number;
  /** Source entities collected at once. */
  readonly pageSize: number;
  source(context: SourceContext): Source;
  readonly watches: readonly WatchedTable[];
  /** Tables (without prefix) that only some shops have; without them the feed is not available. */
  readonly requiredTables?: readonly string[];
  /** The module that fills them: where it is off the tables may still be there. */
  readonly requiredModule?: string;
  /** Whether an entity that is gone is reported as deleted. Default true. */
  readonly removable?: boolean;
  /**
   * Whether what the items are read from is empty as no shop's content explains: deletions are then
   * held, however few. Default: never.
   */
  isSourceLost?(shop: Shop, read: Read): Promise<boolean>;
  /**
   * The item as the service's published route takes it, where that differs from the feed item.
   * Given the whole item with `deleted` and stamp, just before it is sent, if the wire form is
   * configured; identity and hash are always the feed item's.
   */
  toWire?(item: FeedItem): FeedItem;
  /** Reads what is kept for an epoch, and returns the collector of that epoch. */
  open(context: FeedContext, read: Read): Promise<Collect>;
}

/** A feed as the engine sees it. */
export interface Feed extends Omit<
  FeedDefinition,
  'identity' | 'minimalPayload' | 'unhashed' | 'sourceIdField' | 'removable'
> {
  readonly identity: readonly string[];
  readonly minimalPayload: readonly string[];
  readonly unhashed: readonly string[];
  readonly sourceIdField: string;
  readonly removable: boolean;
}

/** Declares a feed; the field names are checked against its contract. */
export function defineFeed<Contract extends TSchema>(definition: FeedDefinition<Contract>): Feed {
  return { removable: true, ...definition };
}
