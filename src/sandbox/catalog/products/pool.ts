import type { Random } from '../random.js';
import type { Member, Product, ProductType } from './product.js';

/** A product that orders, reviews and links can refer to. */
export interface KnownProduct extends Member {
  readonly type: ProductType;
  readonly websiteIds: readonly number[];
  readonly parts: Product['parts'];
}

/** Products seen, as many as fit: with a million of them memory stays what it is. */
const capacity = 2000;

/**
 * The products made so far that others may refer to. When full, new ones replace the oldest, so
 * references go to products nearby.
 */
export class ProductPool {
  readonly #simple = new Ring();
  readonly #byType = new Map<ProductType, Ring>();
  readonly #visible = new Ring();

  add(product: Product): void {
    const known: KnownProduct = {
      entityId: product.entityId,
      sku: product.sku,
      name: product.name,
      price: product.price ?? 0,
      type: product.type,
      websiteIds: product.websiteIds,
      parts: product.parts,
    };
    let ring = this.#byType.get(product.type);
    if (ring === undefined) {
      ring = new Ring();
      this.#byType.set(product.type, ring);
    }
    ring.add(known);
    if (product.visibility !== 1) {
      this.#visible.add(known);
      if (product.type === 'simple') this.#simple.add(known);
    }
  }

  /** Up to `count` different simple products that stand alone. */
  simples(random: Random, count: number): readonly KnownProduct[] {
    return this.#simple.draw(random, count);
  }

  /** Up to `count` different products that customers can see. */
  visible(random: Random, count: number): readonly KnownProduct[] {
    return this.#visible.draw(random, count);
  }

  ofType(random: Random, type: ProductType): KnownProduct | undefined {
    return this.#byType.get(type)?.draw(random, 1)[0];
  }
}

class Ring {
  readonly #items: KnownProduct[] = [];
  #at = 0;

  add(item: KnownProduct): void {
    this.#items[this.#at] = item;
    this.#at = (this.#at + 1) % capacity;
  }

  draw(random: Random, count: number): readonly KnownProduct[] {
    const drawn = new Map<number, KnownProduct>();
    for (let tries = 0; tries < count * 2 && this.#items.length > 0; tries += 1) {
      const item = random.pick(this.#items);
      if (drawn.size < count) drawn.set(item.entityId, item);
    }
    return [...drawn.values()].sort((a, b) => a.entityId - b.entityId);
  }
}
