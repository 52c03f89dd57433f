import { randomFor, type Catalog } from '../catalog.js';
import type { Version } from '../versions.js';
import type { Product } from './product.js';

const entered = ['field', 'area', 'file', 'date', 'date_time', 'time'] as const;
const selected = ['drop_down', 'radio', 'checkbox', 'multiple'] as const;

/** Custom options; the complete product has all ten types, others three of them. */
export function customOptionWriter(catalog: Catalog): (product: Product, version: Version) => void {
  const { writer, scopes } = catalog;
  const option = writer.table('catalog_product_option', [
    'option_id',
    'product_id',
    'type',
    'is_require',
    'sku',
    'max_characters',
    'file_extension',
    'image_size_x',
    'image_size_y',
    'sort_order',
  ]);
  const title = writer.table('catalog_product_option_title', ['option_id', 'store_id', 'title']);
  const price = writer.table('catalog_product_option_price', [
    'option_id',
    'store_id',
    'price',
    'price_type',
  ]);
  const choice = writer.table('catalog_product_option_type_value', [
    'option_type_id',
    'option_id',
    'sku',
    'sort_order',
  ]);
  const choiceTitle = writer.table('catalog_product_option_type_title', [
    'option_type_id',
    'store_id',
    'title',
  ]);
  const choicePrice = writer.table('catalog_product_option_type_price', [
    'option_type_id',
    'store_id',
    'price',
    'price_type',
  ]);
  const last = scopes.storeViews.at(-1)?.id ?? 1;

  return (product, { rowId }) => {
    if (!product.hasOptions) return;
    const random = randomFor(catalog, 'options', product.entityId);
    const all = [...entered, ...selected];
    for (const [at, type] of (product.complete ? all : random.some(all, 3)).entries()) {
      const id = option.nextId();
      const file = type === 'file';
      option.add(
        id,
        rowId,
        type,
        random.whole(0, 1),
        random.chance(0.5) ? `opt-${type}` : null,
        type === 'field' || type === 'area' ? 40 : null,
        file ? 'jpg, png' : null,
        file ? 800 : null,
        file ? 600 : null,
        all.length - at,
      );
      title.add(id, 0, `Your ${type}`);
      const titled = product.complete || random.chance(0.3);
      if (titled) title.add(id, last, `Dein ${type}`);
      if (isEntered(type)) {
        price.add(id, 0, random.whole(0, 9), 'fixed');
        // Without a title of that store view, its price does not count.
        price.add(id, last, 4.5, 'percent');
      } else {
        for (let choiceAt = 0; choiceAt < 3; choiceAt += 1) addChoice(id, choiceAt, titled);
      }
    }

    function addChoice(optionId: number, at: number, titled: boolean): void {
      const id = choice.nextId();
      choice.add(id, optionId, at === 0 ? null : `choice-${at}`, 3 - at);
      choiceTitle.add(id, 0, `Choice ${at + 1}`);
      if (titled && at === 0) choiceTitle.add(id, last, 'Wahl 1');
      choicePrice.add(id, 0, at * 2.5, at === 2 ? 'percent' : 'fixed');
      if (at < 2) choicePrice.add(id, last, at * 3, 'fixed');
    }
  };
}

function isEntered(type: string): boolean {
  return entered.some((known) => known === type);
}
