import type { Shop } from '../../commerce/shop.js';
import { configurablesOf, owners, union } from '../concerned-products.js';

const VALUE_TYPES = ['int', 'decimal', 'text', 'varchar', 'datetime'];

/** Up to that many options are looked for in lists; with more, each list counts. */
const FEW_OPTIONS = 50;

/**
 * SQL for products with a value of a changed attribute, and those that are configurable by it.
 * `changed` has the column `attribute_id`.
 */
export function attributesInUse(shop: Shop, most: number): string {
  const { name, linkField } = shop.product;
  const withValues = VALUE_TYPES.map((type) =>
    owners(
      shop,
      `SELECT v.${linkField} AS link
       FROM changed c STRAIGHT_JOIN ${shop.t(`${name}_${type}`)} v
         ON v.attribute_id = c.attribute_id`,
    ),
  );
  const configurable = `SELECT s.product_id AS link
    FROM ${shop.t('catalog_product_super_attribute')} s
    WHERE s.attribute_id IN (SELECT c.attribute_id FROM changed c)`;
  return union(...withValues.map((each) => capped(each, most)), owners(shop, configurable));
}

/**
 * SQL for products whose values hold a changed option, alone or in a list, and for the configurable
 * products they are children of. `changed` has the columns `option_id` and, if so, `attribute_id`:
 * of an option that is gone nothing else tells it. An attribute's values are read once, however many
 * of its options changed: in few databases there is an index from attribute and value.
 */
export function optionsInUse(shop: Shop, attributesKnown: boolean, most: number): string {
  const { name, linkField } = shop.product;
  const attributes = attributesKnown
    ? 'SELECT DISTINCT c.attribute_id FROM changed c'
    : `SELECT DISTINCT o.attribute_id
       FROM changed c STRAIGHT_JOIN ${shop.t('eav_attribute_option')} o
         ON o.option_id = c.option_id`;
  const selected = `SELECT v.${linkField} AS link
    FROM (${attributes}) a STRAIGHT_JOIN ${shop.t(`${name}_int`)} v
      ON v.attribute_id = a.attribute_id
    WHERE v.value IN (SELECT c.option_id FROM changed c)`;
  const listed = ['varchar', 'text'].map(
    (type) => `SELECT v.${linkField} AS link
      FROM (${attributes}) a STRAIGHT_JOIN ${shop.t(`${name}_${type}`)} v
        ON v.attribute_id = a.attribute_id
      WHERE (SELECT COUNT(*) FROM changed) > ${FEW_OPTIONS}
        OR EXISTS (SELECT 1 FROM changed c WHERE FIND_IN_SET(c.option_id, v.value) > 0)`,
  );
  const users = union(...[selected, ...listed].map((links) => capped(owners(shop, links), most)));
  return union(users, configurablesOf(shop, users));
}

/** A SELECT of `entity_id` without the rows beyond the number at which all are concerned. */
function capped(select: string, most: number): string {
  return `SELECT * FROM (
    SELECT DISTINCT u.entity_id FROM (${select}) u LIMIT ${most + 1}) capped`;
}
