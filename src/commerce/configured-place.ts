import type { Read } from './read.js';
import type { Shop } from './shop.js';

/** Where the shop is, as content names it. */
export interface PlaceNames {
  readonly country: string;
  readonly region: string;
}

const COUNTRY = 'general/store_information/country_id';
const REGION = 'general/store_information/region_id';

/** Country and region of the shop's address, by name: one query where a region is configured. */
export async function configuredPlace(read: Read, shop: Shop): Promise<PlaceNames> {
  const { configuration } = shop;
  return {
    country: countryName(configuration.value(COUNTRY) ?? ''),
    region: await regionName(read, shop, configuration.value(REGION) ?? ''),
  };
}

/** The name of a two-letter country code; other texts stay as they are. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return new Intl.DisplayNames(['en'], { type: 'region' }).of(code) ?? code;
}

/** Regions are configured by id, or as free text where Commerce knows none of the country. */
async function regionName(read: Read, shop: Shop, configured: string): Promise<string> {
  const table = 'directory_country_region';
  if (!/^[0-9]+$/.test(configured) || !shop.hasTable(table)) return configured;
  const row = await read.row<[string | null]>(
    `SELECT r.default_name FROM ${shop.t(table)} r WHERE r.region_id = ?`,
    [configured],
  );
  return row?.[0] ?? configured;
}
