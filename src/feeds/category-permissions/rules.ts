import { GRANTS } from '../../commerce/category-permissions.js';
import { customerGroupCode } from '../../commerce/customer-groups.js';
import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { Collected, CollectWarning, ItemFailure, ItemOf } from '../feed.js';
import type { CategoryPermission } from './contract.js';

type Item = ItemOf<typeof CategoryPermission>;
type Grant = NonNullable<Item['buyable']>;

type RuleRow = readonly [
  permissionId: number,
  categoryId: number,
  path: string,
  websiteId: number | null,
  groupId: number | null,
  displayable: number | null,
  priceDisplayable: number | null,
  buyable: number | null,
];

/** The codes of the websites that use a root category, by root and website id. */
export type WebsitesOfRoots = ReadonlyMap<number, ReadonlyMap<number, string>>;

/** Root categories belong to websites through store groups, with store views or without. */
export async function readWebsitesOfRoots(shop: Shop, read: Read): Promise<WebsitesOfRoots> {
  const rows = await read.rows<[number, number, string]>(`
    SELECT g.root_category_id, g.website_id, w.code
    FROM ${shop.t('store_group')} g
    JOIN ${shop.t('store_website')} w ON w.website_id = g.website_id
    WHERE g.website_id <> 0 AND w.code IS NOT NULL`);
  const roots = new Map<number, Map<number, string>>();
  for (const [rootId, websiteId, code] of rows) {
    const websites = roots.get(rootId);
    if (websites === undefined) roots.set(rootId, new Map([[websiteId, code]]));
    else websites.set(websiteId, code);
  }
  return roots;
}

/** One query for a page: the rules of its categories that exist in the version in force. */
export async function collectRules(
  shop: Shop,
  roots: WebsitesOfRoots,
  read: Read,
  selection: Selection,
): Promise<Collected<Item>> {
  const rows = await read.rows<RuleRow>(`
    SELECT r.permission_id, r.category_id, c.path, r.website_id, r.customer_group_id,
           r.${GRANTS.displayable}, r.${GRANTS.priceDisplayable}, r.${GRANTS.buyable}
    FROM ${shop.t('magento_catalogpermissions')} r
    JOIN ${shop.t(shop.category.name)} c ON c.entity_id = r.category_id
    WHERE ${among('r.category_id', selection)} AND ${shop.category.active('c')}
    ORDER BY r.category_id, r.permission_id`);
  return ruleItems(rows, roots);
}

/**
 * Rules of categories below (or being) the root category of a website; where a rule names one, of
 * that website. `NULL` keeps no two rows from saying the same: the one with the highest id counts.
 */
export function ruleItems(rows: readonly RuleRow[], roots: WebsitesOfRoots): Collected<Item> {
  const outcomes = new Map<string, { permissionId: number; outcome: Item | ItemFailure }>();
  const warnings: CollectWarning[] = [];
  for (const row of rows) {
    const [permissionId, categoryId, path, websiteId, groupId] = row;
    const websites = roots.get(Number(path.split('/')[1]));
    // Website 0 is the admin's; group 0 is NOT LOGGED IN, so that only NULL means all groups.
    const website = websiteId === 0 ? null : websiteId;
    const code = website === null ? null : websites?.get(website);
    if (websites === undefined || code === undefined) continue;
    const key = `${categoryId}/${website ?? ''}/${groupId ?? ''}`;
    const other = outcomes.get(key);
    if (other !== undefined) {
      warnings.push({
        code: 'CDE01-24',
        message: `Permissions ${other.permissionId} and ${permissionId} of category ${categoryId} are for the same website and customer group: ${permissionId} counts.`,
      });
    }
    outcomes.set(key, { permissionId, outcome: ruleItem(row, code) });
  }
  const items: Item[] = [];
  const failures: ItemFailure[] = [];
  for (const { outcome } of outcomes.values()) {
    if ('code' in outcome) failures.push(outcome);
    else items.push(outcome);
  }
  return { items, failures, warnings };
}

function ruleItem(row: RuleRow, websiteCode: string | null): Item | ItemFailure {
  const [permissionId, categoryId, , , groupId, ...grants] = row;
  const groupCode = groupId === null ? null : customerGroupCode(groupId);
  const displayable = grantOf(grants[0]);
  const priceDisplayable = grantOf(grants[1]);
  const buyable = grantOf(grants[2]);
  if (displayable === undefined || priceDisplayable === undefined || buyable === undefined) {
    return {
      sourceId: categoryId,
      identity: ['RULE', String(categoryId), websiteCode ?? '', groupCode ?? '', ''],
      code: 'CDE01-23',
      message: `Permission ${permissionId} of category ${categoryId} has a grant that is none of -1, -2, 0 and NULL: ${grants.join(', ')}.`,
    };
  }
  return {
    type: 'RULE',
    categoryId: String(categoryId),
    websiteCode,
    customerGroupCode: groupCode,
    displayable,
    priceDisplayable,
    buyable,
  };
}

/** Undefined for a value whose meaning is not known: guessing would open or hide a category. */
function grantOf(value: number | null): Grant | undefined {
  switch (value) {
    case -1:
      return 'ALLOW';
    case -2:
      return 'DENY';
    case 0:
    case null:
      return 'PARENT';
    default:
      return undefined;
  }
}
