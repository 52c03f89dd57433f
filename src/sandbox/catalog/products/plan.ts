import { randomFor, type Catalog } from '../catalog.js';
import type { Random } from '../random.js';
import type { StockSetting } from './product.js';

/**
 * What to make next: one product, or a configurable one with its children (which come first).
 * `members`: how many others it contains.
 */
export type Plan =
  | {
      readonly type: 'simple' | 'virtual';
      readonly sku?: string;
      readonly oddity?: Oddity;
      readonly stock?: StockSetting;
    }
  | { readonly type: 'configurable'; readonly colors: number; readonly sizes: number }
  | { readonly type: 'grouped'; readonly members: number }
  | { readonly type: 'bundle'; readonly members: number; readonly fixedPrice: boolean }
  | { readonly type: 'downloadable'; readonly linksSoldSeparately: boolean }
  | { readonly type: 'giftcard' };

/** Something that sets a product apart. */
export type Oddity = 'complete' | 'options' | 'disabled' | 'no website' | 'no category' | 'plain';

/** Every kind of product once or more, before chance takes over. */
const first: readonly Plan[] = [
  { type: 'simple', oddity: 'complete' },
  { type: 'simple', sku: '000123' },
  { type: 'configurable', colors: 2, sizes: 2 },
  { type: 'virtual' },
  { type: 'downloadable', linksSoldSeparately: true },
  { type: 'grouped', members: 2 },
  { type: 'bundle', members: 2, fixedPrice: false },
  { type: 'bundle', members: 2, fixedPrice: true },
  { type: 'simple', sku: `5" <Pipe> & Müller's 'best'` },
  { type: 'simple', sku: 'A/B\\C_100%' },
  { type: 'simple', sku: `LONG-${'0123456789'.repeat(6)}`.slice(0, 64).padEnd(64, 'X') },
  { type: 'simple', oddity: 'disabled' },
  { type: 'simple', oddity: 'no website' },
  { type: 'simple', oddity: 'no category', stock: 'none' },
  { type: 'simple', stock: 'backorders', sku: 'What? a,b; c' },
  { type: 'downloadable', linksSoldSeparately: false },
  { type: 'virtual', oddity: 'options', stock: 'unmanaged' },
  { type: 'grouped', members: 0 },
  { type: 'configurable', colors: 4, sizes: 2 },
];

/**
 * Which of a thousand plans are of a kind; the rest are simple products. With nine children a
 * configurable that makes 60 % children and 25 % simple products on their own.
 */
const shares = [
  ['configurable', 185],
  ['virtual', 50],
  ['downloadable', 50],
  ['grouped', 50],
  ['bundle', 38],
  ['giftcard', 5],
] as const;

/** Plans for exactly `settings.products` products, in the order of their ids. */
export function* planProducts(catalog: Catalog): Generator<Plan> {
  let left = catalog.settings.products;
  const commerce = catalog.settings.edition === 'commerce';
  const opening: readonly Plan[] = commerce
    ? [...first.slice(0, 8), { type: 'giftcard' }, ...first.slice(8), { type: 'giftcard' }]
    : first;
  for (let at = 0; left > 0; at += 1) {
    const plan = cut(opening[at] ?? atRandom(randomFor(catalog, 'plan', at), commerce), left);
    left -= sizeOf(plan);
    yield plan;
  }
}

function atRandom(random: Random, commerce: boolean): Plan {
  let left = random.whole(0, 999);
  const kind = shares.find(([, share]) => (left -= share) < 0)?.[0];
  switch (kind) {
    case 'configurable':
      return { type: kind, colors: random.whole(2, 4), sizes: random.whole(2, 4) };
    case 'downloadable':
      return { type: kind, linksSoldSeparately: random.chance(0.5) };
    case 'bundle':
      return { type: kind, members: random.whole(2, 6), fixedPrice: random.chance(0.4) };
    case 'grouped':
      return { type: kind, members: random.whole(2, 5) };
    case 'virtual':
      return { type: kind };
    case 'giftcard':
      return { type: commerce ? kind : 'virtual' };
    case undefined:
      return simple(random);
  }
}

const stockSettings: readonly StockSetting[] = [
  ...Array.from({ length: 17 }, () => 'plenty' as const),
  'none',
  'backorders',
  'unmanaged',
];

function simple(random: Random): Plan {
  const stock = random.pick(stockSettings);
  if (random.chance(0.03)) {
    const oddity = random.pick(['disabled', 'no website', 'no category'] as const);
    return { type: 'simple', stock, oddity };
  }
  return { type: 'simple', stock, oddity: random.chance(0.04) ? 'options' : 'plain' };
}

/** A configurable that does not fit shrinks, or gives way to a simple product. */
function cut(plan: Plan, left: number): Plan {
  if (plan.type !== 'configurable' || sizeOf(plan) <= left) return plan;
  if (left < 3) return { type: 'simple' };
  return { type: 'configurable', colors: Math.min(left - 1, 8), sizes: 1 };
}

function sizeOf(plan: Plan): number {
  return plan.type === 'configurable' ? plan.colors * plan.sizes + 1 : 1;
}
