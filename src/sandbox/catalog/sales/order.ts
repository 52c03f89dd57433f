import { randomFor, type Catalog } from '../catalog.js';
import { daysAfter } from '../dates.js';
import type { KnownProduct, ProductPool } from '../products/pool.js';
import type { Random } from '../random.js';
import type { StoreView } from '../scopes/scopes.js';
import { customers } from '../scopes/write-scopes.js';

/** An order as planned; ids and documents are made when it is written. */
export interface Order {
  readonly id: number;
  readonly kind: OrderKind;
  /** The store view is gone: `store_id` is NULL. */
  readonly store: StoreView | undefined;
  /** Index into the customers, from 1; `undefined` for guests. */
  readonly customerId: number | undefined;
  readonly lines: readonly OrderLine[];
  readonly virtual: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly linked: boolean;
  readonly random: Random;
}

/** A product bought, with the children that came with it. */
export interface OrderLine {
  readonly product: KnownProduct;
  readonly quantity: number;
  readonly children: readonly {
    readonly sku: string;
    readonly name: string;
    readonly entityId: number;
  }[];
}

/** What an order went through. State and status are Commerce’s own words. */
export interface OrderKind {
  readonly state: string | null;
  readonly status: string;
  readonly invoiced: boolean;
  readonly shipped: 'no' | 'partly' | 'fully';
  readonly refunded: 'no' | 'partly' | 'fully';
}

const kinds: readonly OrderKind[] = [
  { state: 'new', status: 'pending', invoiced: false, shipped: 'no', refunded: 'no' },
  { state: 'processing', status: 'processing', invoiced: true, shipped: 'no', refunded: 'no' },
  { state: 'complete', status: 'complete', invoiced: true, shipped: 'fully', refunded: 'no' },
  { state: 'processing', status: 'processing', invoiced: true, shipped: 'partly', refunded: 'no' },
  { state: 'closed', status: 'closed', invoiced: true, shipped: 'fully', refunded: 'fully' },
  { state: 'canceled', status: 'canceled', invoiced: false, shipped: 'no', refunded: 'no' },
  { state: 'complete', status: 'complete', invoiced: true, shipped: 'fully', refunded: 'partly' },
  { state: 'holded', status: 'holded', invoiced: false, shipped: 'no', refunded: 'no' },
  {
    state: 'pending_payment',
    status: 'pending_payment',
    invoiced: false,
    shipped: 'no',
    refunded: 'no',
  },
  { state: 'payment_review', status: 'fraud', invoiced: false, shipped: 'no', refunded: 'no' },
  { state: null, status: 'pending', invoiced: false, shipped: 'no', refunded: 'no' },
  { state: 'somewhere', status: 'custom', invoiced: false, shipped: 'no', refunded: 'no' },
];

/** One order for forty products, at least 14, at most 50,000; `undefined` where nothing is sold. */
export function orderCount(products: number): number {
  return Math.min(50_000, Math.max(14, Math.floor(products / 40)));
}

/**
 * Nine in ten are of the last week, which is what a full collection takes; one in twelve has no
 * identifier of the exporter’s yet.
 */
export function planOrder(catalog: Catalog, pool: ProductPool, id: number): Order {
  const random = randomFor(catalog, 'order', id);
  const { scopes, settings } = catalog;
  const kind = kinds[(id - 1) % kinds.length] ?? kinds[0];
  const lines = planLines(random, pool, id);
  const age = id % 10 === 0 ? random.whole(8, 200) : random.next() * 6.5;
  const createdAt = daysAfter(settings.now, -age - 0.05);
  if (kind === undefined) throw new Error('There are no kinds of orders.');
  return {
    id,
    kind,
    store: id % 13 === 0 ? undefined : random.pick(scopes.storeViews),
    customerId: random.chance(0.6) ? random.whole(1, customers.length) : undefined,
    lines,
    virtual: lines.every(
      ({ product }) => product.type === 'virtual' || product.type === 'downloadable',
    ),
    createdAt,
    updatedAt: new Date(createdAt.getTime() + 3_600_000),
    linked: id % 12 !== 8,
    random,
  };
}

/** The kinds of products take turns, so that few orders already have them all. */
function planLines(random: Random, pool: ProductPool, id: number): OrderLine[] {
  const special = (['virtual', 'configurable', 'bundle', 'downloadable', 'grouped'] as const)[
    id % 5
  ];
  const first = special === undefined ? undefined : pool.ofType(random, special);
  const alone = special === 'downloadable' || special === 'virtual';
  const products = [
    ...(first === undefined ? [] : soldAs(first)),
    ...(alone && first !== undefined ? [] : pool.simples(random, random.whole(1, 3))),
  ];
  return products.map((product) => ({
    product,
    quantity: random.chance(0.05) ? 1.5 : random.whole(1, 4),
    children: childrenOf(product, random),
  }));
}

/** Of a grouped product its members are bought. */
function soldAs(product: KnownProduct): KnownProduct[] {
  if (product.parts.kind !== 'grouped') return [product];
  return product.parts.members.map((member) => ({ ...product, ...member }));
}

function childrenOf({ parts }: KnownProduct, random: Random): OrderLine['children'] {
  switch (parts.kind) {
    case 'configurable':
      return parts.children.length === 0 ? [] : [random.pick(parts.children)];
    case 'bundle':
      return parts.members.slice(0, 2);
    case 'none':
    case 'variant':
    case 'grouped':
    case 'downloadable':
    case 'giftcard':
      return [];
  }
}
