import { FEED_NAMES, type FeedName } from '../../feeds/names.js';
import { feedList } from '../feed-types.js';
import { screamingName } from '../names.js';
import { setting, type Setting } from '../setting.js';
import { boolean, choice, integer, list, time } from '../types.js';

const group = 'Feeds';

export const feedSettings = {
  FEEDS: setting({
    group,
    type: feedList,
    description: 'Feeds that are on.',
    example: 'products,productAttributes,prices',
    default: FEED_NAMES,
    defaultText: 'all',
  }),
  FULL_SYNC_ORDER: setting({
    group,
    type: feedList,
    description:
      'Order of the feeds in a full sync of all; feeds that are not named follow in the documented order.',
    example: 'scopesWebsite,scopesCustomerGroup,productAttributes,categories',
    default: FEED_NAMES,
    defaultText: FEED_NAMES.join(', '),
  }),
  EXTRA_PRODUCT_ATTRIBUTES: setting({
    group,
    type: boolean,
    description:
      'The shop has the module ExtraProductAttributes: products carry attributes such as `ac_inventory`.',
    example: '1',
    default: false,
  }),
  INVENTORY: setting({
    group,
    type: choice('detect', 'off'),
    description:
      'Stock from the inventory modules (MSI): where their tables exist and COMMERCE_CONFIG_PHP has them not off, or `off` where they are disabled although their tables exist. Off, there is no feed inventoryStockStatus.',
    example: 'off',
    default: 'detect',
  }),
  ORDERS_DAYS: setting({
    group,
    type: integer(1, 3650),
    description: 'Days back that a full sync of orders reaches.',
    example: '30',
    default: 7,
  }),
  ORDERS_RETENTION_DAYS: setting({
    group,
    type: integer(1, 3650),
    description:
      'Days that the exporter keeps the payload of an order after the service took it; see [privacy](privacy.md). Such orders cannot be sent again without collecting them.',
    example: '30',
    defaultText: 'payloads are kept',
  }),
  RETRY_MAX_AGE_DAYS: setting({
    group,
    type: integer(1, 3650),
    description:
      'Days after which items that keep failing are no longer sent again by themselves; a change of the entity or a full sync still sends them.',
    example: '30',
    default: 14,
  }),
  EXPORTER_NOW: setting({
    group,
    type: time,
    description:
      'Fixes the clock of rules that depend on the date, for rehearsals. Stamps and logs keep the real time.',
    example: '2026-11-28T00:00:00Z',
    defaultText: 'the real time',
  }),
};

/** A setting that each feed has, `FEED_<FEED>_<ASPECT>`. */
const ASPECTS = {
  BATCH_SIZE: (feed: FeedName) =>
    setting({
      group,
      type: integer(1, feed === 'prices' ? 500 : 100),
      description:
        'Items in a request: at most 100, of prices 500, which is what the service takes.',
      example: '50',
      defaultText: 'as in Commerce’s configuration, else 100 (prices 500)',
    }),
  THREAD_COUNT: () =>
    setting({
      group,
      type: integer(1, 32),
      description: 'Segments of a full sync that are exported at the same time.',
      example: '2',
      defaultText: 'as in Commerce’s configuration, else 1',
    }),
  DROPPED_FIELDS: () =>
    setting({
      group,
      type: list,
      description: 'Top-level fields that are taken off just before sending.',
      example: 'displayable,urlRewrites',
      default: [],
      defaultText: 'none',
    }),
} satisfies Record<string, (feed: FeedName) => Setting<unknown>>;

export type FeedAspect = keyof typeof ASPECTS;

export const FEED_ASPECTS = Object.keys(ASPECTS) as readonly FeedAspect[];

export function feedSettingName(feed: FeedName, aspect: FeedAspect): string {
  return `FEED_${screamingName(feed)}_${aspect}`;
}

/** The settings that each feed has, by name. */
export const perFeedSettings: Readonly<Record<string, Setting<unknown>>> = Object.fromEntries(
  FEED_NAMES.flatMap((feed) =>
    FEED_ASPECTS.map((aspect) => [feedSettingName(feed, aspect), ASPECTS[aspect](feed)]),
  ),
);
