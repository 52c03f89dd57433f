import { ExportError } from '../../errors/export-error.js';

export type Edition = 'open-source' | 'commerce';

export interface CatalogOptions {
  /** Products in all, children of configurables included: 1 to 5,000,000. */
  readonly products: number;
  /** 1 to 50. Default 2. */
  readonly websites?: number;
  /** 1 to 200, spread over the websites’ store groups. Default 4. */
  readonly storeViews?: number;
  /** The same seed and options give the same rows. Default 1. */
  readonly seed?: number;
  /** `commerce` gives Adobe Commerce’s form: `row_id`, staged versions, permissions. */
  readonly edition?: Edition;
  /** Default: none. */
  readonly tablePrefix?: string;
  /** With the closing slash. Default `http://shop.test/`. */
  readonly baseUrl?: string;
  /** The shop’s present: rule prices, orders and cron are around it. Default: a fixed date. */
  readonly now?: Date;
  readonly onProgress?: (progress: CatalogProgress) => void;
  /** Stops the generation between two slices, which then fails with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface CatalogProgress {
  /** What is being written. */
  readonly step: 'schema' | 'scopes' | 'categories' | 'products' | 'reviews' | 'orders' | 'keys';
  /** Tables, products, reviews or orders, whichever the step is about. */
  readonly done: number;
  readonly total: number;
  /** Rows handed to the database so far, over all steps. */
  readonly rows: number;
}

export type CatalogSettings = Required<Omit<CatalogOptions, 'signal'>> &
  Pick<CatalogOptions, 'signal'>;

/** 15 June 2026, noon UTC. */
const fixedNow = new Date(Date.UTC(2026, 5, 15, 12));

/**
 * Fills in the defaults.
 *
 * @throws ExportError SDE10-03 that lists every option out of range.
 */
export function catalogSettings(options: CatalogOptions): CatalogSettings {
  const settings: CatalogSettings = {
    products: options.products,
    websites: options.websites ?? 2,
    storeViews: options.storeViews ?? 4,
    seed: options.seed ?? 1,
    edition: options.edition ?? 'open-source',
    tablePrefix: options.tablePrefix ?? '',
    baseUrl: options.baseUrl ?? 'http://shop.test/',
    now: options.now ?? fixedNow,
    onProgress: options.onProgress ?? (() => undefined),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const problems = [
    outOfRange('products', settings.products, 1, 5_000_000),
    outOfRange('websites', settings.websites, 1, 50),
    outOfRange('storeViews', settings.storeViews, 1, 200),
    outOfRange('seed', settings.seed, 0, 2 ** 32 - 1),
    /^\w{0,20}$/.test(settings.tablePrefix)
      ? undefined
      : `tablePrefix must be up to 20 letters, digits and underscores, not “${settings.tablePrefix}”`,
    /^https?:\/\/[^/]+\/(?:.*\/)?$/.test(settings.baseUrl)
      ? undefined
      : `baseUrl must be an http address that ends in a slash, not “${settings.baseUrl}”`,
    Number.isNaN(settings.now.getTime()) ? 'now must be a date' : undefined,
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) {
    throw new ExportError('SDE10-03', {
      message: `The catalog cannot be generated: ${problems.join('; ')}.`,
      cure: 'Correct these options.',
    });
  }
  return settings;
}

function outOfRange(name: string, value: number, least: number, most: number): string | undefined {
  if (Number.isInteger(value) && value >= least && value <= most) return undefined;
  return `${name} must be a whole number from ${least} to ${most}, not ${value}`;
}
