import { randomFor, type Catalog } from '../catalog.js';
import { dateOnly, daysAfter } from '../dates.js';
import type { Random } from '../random.js';
import type { Version } from '../versions.js';
import type { Product } from './product.js';

interface Tier {
  /** `undefined`: all groups. */
  readonly group?: number;
  readonly quantity: number;
  /** 0: all websites. */
  readonly website: number;
  /** Fixed price, as a share of the regular one. */
  readonly share?: number;
  readonly percentage?: number;
}

/** Tier and group prices of one product in twelve: fixed or in percent, for all or for some. */
export function tierPriceWriter(catalog: Catalog): (product: Product, version: Version) => void {
  const { writer, link, scopes } = catalog;
  const tier = writer.table('catalog_product_entity_tier_price', [
    link,
    'all_groups',
    'customer_group_id',
    'qty',
    'value',
    'website_id',
    'percentage_value',
  ]);
  const lastWebsite = scopes.websites.at(-1)?.id ?? 1;
  return (product, { rowId }) => {
    const random = randomFor(catalog, 'tiers', product.entityId);
    const price = product.price ?? 0;
    if (price === 0 || (!product.complete && !random.chance(0.08))) return;
    for (const { group, quantity, website, share = 0, percentage } of tiersOf(
      product,
      random,
      lastWebsite,
    )) {
      tier.add(
        rowId,
        group === undefined ? 1 : 0,
        group ?? 0,
        quantity,
        Math.round(price * share * 100) / 100,
        website,
        percentage ?? null,
      );
    }
  };
}

function tiersOf({ type, complete }: Product, random: Random, lastWebsite: number): Tier[] {
  const kinds: Tier[][] = [
    [
      { quantity: 5, website: 0, share: 0.9 },
      { quantity: 10, website: 0, share: 0.8 },
    ],
    [{ quantity: 1, website: 0, group: 2, share: 0.7 }],
    [
      { quantity: 2, website: 0, group: 3, percentage: 12.5 },
      { quantity: 1.5, website: 0, group: 3, percentage: 5 },
    ],
    [{ quantity: 5, website: lastWebsite, share: 0.85 }],
    [{ quantity: 1, website: lastWebsite, group: 4, percentage: 20 }],
    [{ quantity: 0.5, website: 0, group: 5, share: 0.6 }],
    [{ quantity: 1, website: 0, share: 0.95 }],
  ];
  const chosen = complete ? kinds : random.some(kinds, random.whole(1, 3));
  // Bundles know percentages alone.
  return chosen
    .flat()
    .map((tier) =>
      type === 'bundle' ? { ...tier, share: 0, percentage: tier.percentage ?? 10 } : tier,
    );
}

/** Catalog price rules that are on: which product, website and groups, and by how much. */
const rules = [
  {
    id: 1,
    every: 10,
    website: 1,
    groups: [0, 1, 2, 3],
    operator: 'by_percent',
    amount: 20,
    fromDay: -9,
  },
  { id: 2, every: 30, website: 2, groups: [1], operator: 'to_fixed', amount: 9.99, fromDay: -9 },
  { id: 3, every: 50, website: 1, groups: [4], operator: 'by_fixed', amount: 3, fromDay: 1 },
] as const;

/** What the rules make of prices yesterday, today and tomorrow. */
export function rulePriceWriter(catalog: Catalog): (product: Product) => void {
  const { writer, settings } = catalog;
  const match = writer.table('catalogrule_product', [
    'rule_id',
    'from_time',
    'to_time',
    'customer_group_id',
    'product_id',
    'action_operator',
    'action_amount',
    'action_stop',
    'sort_order',
    'website_id',
  ]);
  const result = writer.table('catalogrule_product_price', [
    'rule_date',
    'customer_group_id',
    'product_id',
    'rule_price',
    'website_id',
    'latest_start_date',
    'earliest_end_date',
  ]);
  const days = [-1, 0, 1].map((day) => ({ day, date: dateOnly(daysAfter(settings.now, day)) }));

  return ({ entityId, price, websiteIds, enabled }) => {
    if (price === null || !enabled) return;
    for (const rule of rules) {
      if (entityId % rule.every !== 1 || !websiteIds.includes(rule.website)) continue;
      const from =
        rule.fromDay > 0 ? Math.floor(daysAfter(settings.now, rule.fromDay).getTime() / 1000) : 0;
      for (const group of rule.groups) {
        match.add(
          rule.id,
          from,
          0,
          group,
          entityId,
          rule.operator,
          rule.amount,
          0,
          rule.id,
          rule.website,
        );
        for (const { day, date } of days) {
          if (day >= rule.fromDay) {
            result.add(date, group, entityId, ruled(price, rule), rule.website, null, null);
          }
        }
      }
    }
  };
}

function ruled(price: number, { operator, amount }: (typeof rules)[number]): number {
  const value =
    operator === 'by_percent'
      ? price * (1 - amount / 100)
      : operator === 'by_fixed'
        ? Math.max(0, price - amount)
        : Math.min(price, amount);
  return Math.round(value * 10_000) / 10_000;
}

/** The rules’ definitions, an inactive and an expired one among them. */
export function writeRules({ writer, settings, scopes }: Catalog): void {
  const staged = settings.edition === 'commerce';
  const definitions = [
    ...rules.map((rule) => ({ ...rule, active: 1, to: null as string | null })),
    { ...rules[0], id: 4, active: 0, to: null },
    { ...rules[0], id: 5, active: 1, to: dateOnly(daysAfter(settings.now, -200)) },
  ].filter(({ website }) => website <= scopes.websites.length);
  if (staged) {
    const sequence = writer.table('sequence_catalogrule', ['sequence_value']);
    for (const { id } of definitions) sequence.add(id);
  }
  writer.records(
    'catalogrule',
    definitions.map(({ id, active, operator, amount, fromDay, to }) => ({
      ...(staged ? { row_id: id + 700, created_in: 1, updated_in: 2_147_483_647 } : {}),
      rule_id: id,
      name: `Rule ${id}`,
      from_date: fromDay > 0 ? dateOnly(daysAfter(settings.now, fromDay)) : null,
      to_date: to,
      is_active: active,
      stop_rules_processing: 0,
      sort_order: id,
      simple_action: operator,
      discount_amount: amount,
    })),
  );
  const link = staged ? 'row_id' : 'rule_id';
  const website = writer.table('catalogrule_website', [link, 'website_id']);
  const group = writer.table('catalogrule_customer_group', [link, 'customer_group_id']);
  const both = writer.table('catalogrule_group_website', [
    'rule_id',
    'customer_group_id',
    'website_id',
  ]);
  for (const { id, website: websiteId, groups, active, to } of definitions) {
    const rowId = staged ? id + 700 : id;
    website.add(rowId, websiteId);
    for (const groupId of groups) {
      group.add(rowId, groupId);
      if (active === 1 && to === null) both.add(id, groupId, websiteId);
    }
  }
}
