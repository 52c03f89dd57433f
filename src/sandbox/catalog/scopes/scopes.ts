import type { CatalogSettings } from '../options.js';

export interface Website {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly defaultGroupId: number;
  /** The MSI stock that sells here, if any. */
  readonly stockId: number | undefined;
}

export interface StoreGroup {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly websiteId: number;
  readonly rootCategoryId: number;
  readonly defaultStoreId: number;
}

export interface StoreView {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly websiteId: number;
  readonly groupId: number;
  readonly rootCategoryId: number;
  readonly language: string;
  readonly active: boolean;
}

export interface CustomerGroup {
  readonly id: number;
  readonly code: string;
  readonly excludedWebsiteIds: readonly number[];
}

export interface Stock {
  readonly id: number;
  readonly name: string;
  readonly sourceCodes: readonly string[];
}

/** Scopes without the admin’s, ids counting from 1. */
export interface Scopes {
  readonly websites: readonly Website[];
  readonly groups: readonly StoreGroup[];
  readonly storeViews: readonly StoreView[];
  readonly customerGroups: readonly CustomerGroup[];
  readonly stocks: readonly Stock[];
  readonly storeViewsOf: (websiteId: number) => readonly StoreView[];
}

/** Categories 2 and 3; the tree’s root is 1. A third tree belongs to no store group. */
export const rootCategoryIds = [2, 3] as const;

const languages = ['en', 'de', 'es', 'fr', 'it', 'nl', 'pl', 'ja'];

/**
 * Every website has a store group; the first has a second one (same root category) once there are
 * two more store views than websites. Store views go round the groups; each fourth is inactive.
 */
export function planScopes({ websites: count, storeViews: views }: CatalogSettings): Scopes {
  const codes = Array.from({ length: count }, (_, at) => ['base', 'eu'][at] ?? `site${at + 1}`);
  const groupWebsites = codes.map((_, at) => at + 1);
  if (views >= count + 2) groupWebsites.push(1);
  const stocks = planStocks(codes);

  const storeViews: StoreView[] = Array.from({ length: views }, (_, at) => {
    const groupId = 1 + (at < groupWebsites.length ? at : fill(at, groupWebsites.length));
    const websiteId = groupWebsites[groupId - 1] ?? 1;
    const language = languages[Math.floor(at / groupWebsites.length) % languages.length] ?? 'en';
    const site = codes[websiteId - 1] ?? 'base';
    return {
      id: at + 1,
      code: at === 0 ? 'default' : `${site}_${language}_${at + 1}`,
      name: at === 0 ? 'Default Store View' : `${site} ${language.toUpperCase()} “${at + 1}”`,
      websiteId,
      groupId,
      rootCategoryId: rootOf(websiteId),
      language,
      active: at % 4 !== 3,
    };
  });
  const groups = groupWebsites.map((websiteId, at) => ({
    id: at + 1,
    code: at === 0 ? 'main_website_store' : `${codes[websiteId - 1] ?? 'base'}_store_${at + 1}`,
    name: at === 0 ? 'Main Website Store' : `Store ${at + 1}`,
    websiteId,
    rootCategoryId: rootOf(websiteId),
    defaultStoreId: storeViews.find(({ groupId }) => groupId === at + 1)?.id ?? 0,
  }));
  const byWebsite = new Map(
    codes.map((_, at) => [at + 1, storeViews.filter(({ websiteId }) => websiteId === at + 1)]),
  );
  return {
    websites: codes.map((code, at) => ({
      id: at + 1,
      code,
      name: at === 0 ? 'Main Website' : `Website ${code}`,
      defaultGroupId: at + 1,
      stockId: salesStock(at + 1, stocks.length),
    })),
    groups,
    storeViews,
    customerGroups: planCustomerGroups(codes.length),
    stocks,
    storeViewsOf: (websiteId) => byWebsite.get(websiteId) ?? [],
  };
}

/** Later store views start at the second website, so that two views already differ in language. */
function fill(at: number, groups: number): number {
  return groups === 1 ? 0 : (at - groups + 1) % groups;
}

function rootOf(websiteId: number): number {
  return rootCategoryIds[(websiteId - 1) % 2] ?? 2;
}

/** Stock 1 for the first website, one each for the next two, and one that no website sells. */
function planStocks(codes: readonly string[]): Stock[] {
  const own = codes.slice(1, 3).map((code, at) => ({
    id: at + 2,
    name: `Stock ${code}`,
    sourceCodes: [`${code}_wh`, 'shared', 'closed'],
  }));
  return [
    { id: 1, name: 'Default Stock', sourceCodes: ['default'] },
    ...own,
    { id: own.length + 2, name: 'Unused Stock', sourceCodes: ['shared'] },
  ];
}

/** Websites beyond the third share the default stock, but the fifth has none. */
function salesStock(websiteId: number, stocks: number): number | undefined {
  if (websiteId < stocks) return websiteId;
  return websiteId === 5 ? undefined : 1;
}

/** Group 2 may not use the second website, group 5 none at all. */
function planCustomerGroups(websites: number): CustomerGroup[] {
  const all = Array.from({ length: websites }, (_, at) => at + 1);
  return ['NOT LOGGED IN', 'General', 'Wholesale', 'Retailer', 'VIP', 'Großkunden & Co'].map(
    (code, id) => ({
      id,
      code,
      excludedWebsiteIds: id === 2 ? all.slice(1, 2) : id === 5 ? all : [],
    }),
  );
}
