/** In what an item is not as it should be. */
export const DRIFTS = [
  /** The shop yields it, and it was never sent. */
  'missing',
  /** The shop yields other content than was sent. */
  'stale',
  /** It was sent, and the shop yields it no more. */
  'surplus',
  /** It was accepted, and the service does not hold it. */
  'lost',
  /** The service holds other content than was accepted. */
  'different',
  /** The service holds it, and the exporter does not know of it, or knows it as deleted. */
  'unknown',
] as const;

export type Drift = (typeof DRIFTS)[number];

/** An item that drifted. */
export interface DriftedItem {
  readonly drift: Drift;
  readonly feedId: string;
  readonly entityId: number;
}

/** What was compared of a feed, and what drifted; adds up over a comparison that was stopped. */
export interface Findings {
  /** Ranges of keys that were compared, item by item, and those where something drifted. */
  readonly ranges: number;
  readonly rangesWithDrift: number;
  readonly entities: number;
  /** Items that the shop yields. */
  readonly items: number;
  /** Items that the service holds. */
  readonly heldItems: number;
  /** Items that are on their way: noted as changed, waiting, to be sent again. No drift. */
  readonly onTheirWay: number;
  readonly drift: Readonly<Record<Drift, number>>;
  /** The first of them, to look at with `explain`. */
  readonly examples: readonly DriftedItem[];
  /** Entities queued by `--fix`. */
  readonly queued: number;
}

export const NO_FINDINGS: Findings = {
  ranges: 0,
  rangesWithDrift: 0,
  entities: 0,
  items: 0,
  heldItems: 0,
  onTheirWay: 0,
  drift: { missing: 0, stale: 0, surplus: 0, lost: 0, different: 0, unknown: 0 },
  examples: [],
  queued: 0,
};

const EXAMPLES = 20;

/** What one range adds to the findings. */
export interface RangeFindings extends Partial<
  Pick<Findings, 'entities' | 'items' | 'heldItems' | 'onTheirWay' | 'queued'>
> {
  readonly drifted: readonly DriftedItem[];
}

export function addRange(findings: Findings, range: RangeFindings): Findings {
  const drift = { ...findings.drift };
  for (const each of range.drifted) drift[each.drift] += 1;
  return {
    ranges: findings.ranges + 1,
    rangesWithDrift: findings.rangesWithDrift + (range.drifted.length > 0 ? 1 : 0),
    entities: findings.entities + (range.entities ?? 0),
    items: findings.items + (range.items ?? 0),
    heldItems: findings.heldItems + (range.heldItems ?? 0),
    onTheirWay: findings.onTheirWay + (range.onTheirWay ?? 0),
    drift,
    examples: [...findings.examples, ...range.drifted].slice(0, EXAMPLES),
    queued: findings.queued + (range.queued ?? 0),
  };
}

export function totalDrift({ drift }: Pick<Findings, 'drift'>): number {
  return DRIFTS.reduce((sum, each) => sum + drift[each], 0);
}
