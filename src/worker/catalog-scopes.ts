import type { Logger } from 'pino';

import type { Scopes } from '../commerce/scopes.js';
import type { Configuration } from '../configuration/configuration.js';
import { ExportError } from '../errors/export-error.js';
import type { FeedName } from '../feeds/names.js';
import type { CatalogScopes } from '../publishing/catalog/catalog-format.js';

/** The feed that makes websites base price books. */
const BASE_PRICE_BOOKS: FeedName = 'scopesWebsite';

type Settings = Pick<Configuration, 'service' | 'feeds'>;

/**
 * Locales of store views and currencies of websites, for the presets that take the catalog in
 * shapes of their own. A website without a currency is told of once, when it is first met.
 *
 * @throws ExportError SDE10-01, from `localeOf`, where two store views would have one locale: they
 *   would overwrite each other's items, and the deletion of one would delete the other's.
 */
export function catalogScopes({ service }: Settings, logger: Logger): CatalogScopes {
  const { locales, currencies } = service;
  const owners = new Map(Object.entries(locales).map(([code, locale]) => [fold(locale), code]));
  const told = new Set<string>();
  return {
    localeOf(storeViewCode) {
      if (Object.hasOwn(locales, storeViewCode)) return locales[storeViewCode] ?? storeViewCode;
      const owner = owners.get(fold(storeViewCode));
      if (owner !== undefined) throw sharedLocale(storeViewCode, owner);
      return storeViewCode;
    },
    currencyOf(websiteCode) {
      const currency = Object.hasOwn(currencies, websiteCode) ? currencies[websiteCode] : undefined;
      if (currency === undefined && !told.has(websiteCode)) {
        told.add(websiteCode);
        logger.warn(
          { website: websiteCode },
          `the base price book of the website ${websiteCode} goes out without a currency: name it in SERVICE_CURRENCIES, e.g. {"${websiteCode}": "USD"}`,
        );
      }
      return currency;
    },
  };
}

/**
 * Holds the settings against the shop's store views and websites, before anything is sent.
 *
 * @throws ExportError SDE10-01 where two store views would have one locale.
 */
export function checkCatalogScopes(
  { storeViews, websites }: Scopes,
  { service, feeds }: Settings,
  catalog: CatalogScopes,
  logger: Logger,
): void {
  for (const { code } of storeViews) catalog.localeOf(code);
  if (feeds.enabled.includes(BASE_PRICE_BOOKS)) {
    for (const { code } of websites) catalog.currencyOf(code);
  }
  const unknown = [
    ...strangers('SERVICE_LOCALES', service.locales, storeViews),
    ...strangers('SERVICE_CURRENCIES', service.currencies, websites),
  ];
  for (const each of unknown) logger.warn(each);
}

function strangers(
  setting: string,
  named: Readonly<Record<string, string>>,
  present: readonly { readonly code: string }[],
): string[] {
  const codes = present.map(({ code }) => code);
  return Object.keys(named)
    .filter((code) => !codes.includes(code))
    .map((code) => `${setting} names ${code}, which the shop does not have: ${codes.join(', ')}`);
}

/** Language tags are the same in any letter case. */
function fold(locale: string): string {
  return locale.toLowerCase();
}

function sharedLocale(storeViewCode: string, owner: string): ExportError {
  return new ExportError('SDE10-01', {
    message: `The store view ${storeViewCode} has no locale of its own and is sent with its code, which SERVICE_LOCALES gives to ${owner}: they would overwrite each other’s items.`,
    cure: `Name a locale for ${storeViewCode} in SERVICE_LOCALES.`,
  });
}
