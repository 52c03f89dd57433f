import { hash } from 'node:crypto';

import type { Read } from '../../commerce/read.js';
import type { Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { Collect, ItemOf } from '../feed.js';
import type { Variant, VariantOptionValue } from './contract.js';
import { readLabels, readLinks, readSuperAttributes, readValues } from './queries.js';

type Item = ItemOf<typeof Variant>;

/**
 * Four queries for a page of child products (one where it has none): links, configurable
 * attributes of the parents, values of the children, option labels. Labels are read with the page
 * and not once for the epoch: a shop may have more options than a page's products use.
 */
export function variantCollector(shop: Shop): Collect<Item> {
  const codes = new Map(shop.productAttributes.all.map(({ id, code }) => [id, code]));
  return async (read, selection) => ({
    items: await collectVariants(shop, codes, read, selection),
    failures: [],
  });
}

async function collectVariants(
  shop: Shop,
  codes: ReadonlyMap<number, string>,
  read: Read,
  selection: Selection,
): Promise<Item[]> {
  const links = await readLinks(shop, read, selection);
  if (links.length === 0) return [];
  const superAttributes = await readSuperAttributes(shop, read, [
    ...new Set(links.map((link) => link[4])),
  ]);
  const attributeIds = new Set<number>();
  for (const ids of superAttributes.values()) {
    for (const id of ids) if (codes.has(id)) attributeIds.add(id);
  }
  if (attributeIds.size === 0) return [];
  const children: Selection = shop.product.versioned
    ? { kind: 'ids', ids: [...new Set(links.map((link) => link[1]))] }
    : selection;
  const values = await readValues(shop, read, children, [...attributeIds]);
  const labels = await readLabels(shop, read, [...new Set(values.map((value) => value[2]))]);

  const choices = choicesOf(values, codes, labels);
  const items: Item[] = [];
  for (const [childId, childLink, childSku, parentId, parentLink, parentSku] of links) {
    const attributes = superAttributes.get(parentLink);
    if (attributes === undefined) continue;
    const optionValues: VariantOptionValue[] = [];
    for (const choice of choices.get(childLink) ?? []) {
      if (attributes.has(choice.attributeId)) optionValues.push(...choice.optionValues);
    }
    if (optionValues.length === 0) continue;
    items.push({
      id: hash('md5', `configurable/${parentSku}/${childSku}`),
      optionValues,
      parentId: String(parentId),
      productId: String(childId),
      parentSku,
      productSku: childSku,
    });
  }
  return items;
}

/** An option of an attribute, with an entry for each of its labels. */
interface Choice {
  readonly attributeId: number;
  readonly optionValues: readonly VariantOptionValue[];
}

/** The options of each child, in the order of `values`; children share the objects of an option. */
function choicesOf(
  values: readonly (readonly [childLink: number, attributeId: number, optionId: number])[],
  codes: ReadonlyMap<number, string>,
  labels: ReadonlyMap<number, readonly (string | null)[]>,
): Map<number, Choice[]> {
  const known = new Map<number, Choice>();
  const choices = new Map<number, Choice[]>();
  for (const [childLink, attributeId, optionId] of values) {
    // Attribute ids have 16 bits and option ids 32: together they are a safe integer.
    const key = attributeId * 2 ** 32 + optionId;
    let choice = known.get(key);
    if (choice === undefined) {
      choice = choiceOf(attributeId, codes.get(attributeId) ?? '', optionId, labels.get(optionId));
      known.set(key, choice);
    }
    const chosen = choices.get(childLink);
    if (chosen === undefined) choices.set(childLink, [choice]);
    else chosen.push(choice);
  }
  return choices;
}

function choiceOf(
  attributeId: number,
  attributeCode: string,
  optionId: number,
  labels: readonly (string | null)[] = [null],
): Choice {
  const uid = Buffer.from(`configurable/${attributeId}/${optionId}`).toString('base64');
  const valueIndex = String(optionId);
  return {
    attributeId,
    optionValues: labels.map((label) => ({ attributeCode, uid, label, valueIndex })),
  };
}
