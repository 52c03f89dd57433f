import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import type { CollectWarning } from '../feed.js';

export interface RuleDates {
  /** Today's date (`2026-11-21`) of each website, by website id. */
  on(now: Date): ReadonlyMap<number, string>;
  /** CDE01-18 for each website whose time zone does not exist; its dates are those of UTC. */
  readonly warnings: readonly CollectWarning[];
}

/** A website and the name of its time zone; null where the configuration holds none. */
export interface ZonedWebsite {
  readonly id: number;
  readonly code: string;
  readonly timeZone: string | null;
}

/** prices: rule dates are the website's, not the server's. */
export function ruleDates(websites: readonly ZonedWebsite[]): RuleDates {
  const calendars = new Map<string, Intl.DateTimeFormat>([['UTC', calendar('UTC')]]);
  const warnings: CollectWarning[] = [];
  const zones = websites.map(({ id, code, timeZone }) => {
    try {
      const zone = timeZone ?? '';
      if (!calendars.has(zone)) calendars.set(zone, calendar(zone));
      return { id, zone };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      warnings.push({
        code: 'CDE01-18',
        message: `The website “${code}” has the time zone “${timeZone ?? ''}”, which does not exist; its catalog price rules are those of the date in UTC.`,
      });
      return { id, zone: 'UTC' };
    }
  });
  return {
    warnings,
    on(now) {
      const dates = new Map<string, string>();
      for (const [zone, format] of calendars) dates.set(zone, isoDate(format, now));
      return new Map(zones.map(({ id, zone }) => [id, dates.get(zone) ?? '']));
    },
  };
}

/**
 * The websites with the time zone of their default store view. A website without a store group has
 * UTC; one whose group has no store view, its own or the default setting.
 */
export async function zonedWebsites(shop: Shop, read: Read): Promise<ZonedWebsite[]> {
  const grouped = await read.rows<[number]>(`
    SELECT w.website_id
    FROM ${shop.t('store_website')} w
    JOIN ${shop.t('store_group')} g ON g.group_id = w.default_group_id`);
  const withGroup = new Set(grouped.map(([id]) => id));
  const path = 'general/locale/timezone';
  return shop.websites.map(({ id, code, defaultStoreId }) => {
    if (!withGroup.has(id)) return { id, code, timeZone: 'UTC' };
    const { configuration } = shop;
    const timeZone =
      defaultStoreId === 0
        ? configuration.websiteValue(path, id)
        : configuration.value(path, defaultStoreId);
    return { id, code, timeZone };
  });
}

function calendar(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
}

function isoDate(format: Intl.DateTimeFormat, time: Date): string {
  const parts = Object.fromEntries(
    format.formatToParts(time).map(({ type, value }) => [type, value]),
  );
  return `${parts['year']}-${parts['month']}-${parts['day']}`;
}
