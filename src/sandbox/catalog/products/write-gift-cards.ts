import type { Catalog } from '../catalog.js';
import type { Version } from '../versions.js';
import type { Product } from './product.js';

/** Amounts of gift cards: one list for all websites, one more amount for the last website. */
export function giftCardWriter({ writer, attributes, scopes, settings }: Catalog) {
  if (settings.edition === 'open-source') return (): void => undefined;
  const amount = writer.table('magento_giftcard_amount', [
    'website_id',
    'value',
    'row_id',
    'attribute_id',
  ]);
  const attributeId = attributes.product('giftcard_amounts').id;
  const lastWebsite = scopes.websites.at(-1)?.id ?? 1;
  return ({ parts }: Product, { rowId }: Version): void => {
    if (parts.kind !== 'giftcard') return;
    for (const value of parts.amounts) amount.add(0, value, rowId, attributeId);
    amount.add(lastWebsite, 75, rowId, attributeId);
  };
}
