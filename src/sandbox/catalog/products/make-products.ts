import { attributeSetIds } from '../attributes/write-attribute-sets.js';
import { randomFor, type Catalog } from '../catalog.js';
import type { CategoryTree } from '../categories/category-tree.js';
import type { Random } from '../random.js';
import { Versions } from '../versions.js';
import { productName, urlKey } from '../words.js';
import { placement, storeOverrides, type Placement } from './placement.js';
import { planProducts, type Plan } from './plan.js';
import type { ProductPool } from './pool.js';
import type { Member, Parts, Product, ProductType, Visibility } from './product.js';

const firstRowId = 10_001;

/** The shop's products in order of id; each is in the pool once it was given out. */
export function* makeProducts(
  catalog: Catalog,
  tree: CategoryTree,
  pool: ProductPool,
): Generator<Product> {
  const versions = new Versions(catalog.settings, firstRowId);
  let lastId = 0;
  for (const plan of planProducts(catalog)) {
    const made =
      plan.type === 'configurable'
        ? makeConfigurable(plan, lastId + 1)
        : [makeSingle(plan, lastId + 1)];
    for (const product of made) {
      lastId = product.entityId;
      pool.add(product);
      yield product;
    }
  }

  function makeSingle(plan: Exclude<Plan, { type: 'configurable' }>, id: number): Product {
    const random = randomFor(catalog, 'product', id);
    const place = placement(catalog, tree, random, oddityOf(plan));
    return build(random, id, plan.type, place, {
      parts: partsOf(plan, random, pool),
      complete: oddityOf(plan) === 'complete',
      enabled: oddityOf(plan) !== 'disabled',
      hasOptions: ['complete', 'options'].includes(oddityOf(plan)),
      ...('sku' in plan ? { sku: plan.sku } : {}),
      ...('stock' in plan ? { stock: plan.stock } : {}),
    });
  }

  /** Children first, as people create them; they share name, place and pictures with the parent. */
  function makeConfigurable(plan: Plan & { type: 'configurable' }, firstId: number): Product[] {
    const parentId = firstId + plan.colors * plan.sizes;
    const random = randomFor(catalog, 'product', parentId);
    const place = placement(catalog, tree, random, 'plain');
    const name = productName(random);
    const colors = random.some(catalog.attributes.optionsOf('color'), plan.colors);
    const sizes = catalog.attributes.optionsOf('size').slice(0, plan.sizes);
    const sku = `CFG-${parentId}`;
    const price = randomPrice(random);
    const children = colors.flatMap((color, row) =>
      sizes.map((size, column) => {
        const id = firstId + row * sizes.length + column;
        const own = randomFor(catalog, 'child', id);
        const label = `${size.labels[0]?.[1] ?? ''}-${color.labels[0]?.[1] ?? ''}`;
        return build(own, id, 'simple', childPlace(own, place), {
          parts: { kind: 'variant', color: color.id, size: size.id },
          name: `${name}-${label}`,
          sku: `${sku}-${label}`,
          price: own.chance(0.9) ? price : price + 5,
          visibility: own.chance(0.03) ? 4 : 1,
          enabled: own.chance(0.97),
          images: [imageFile(parentId, row)],
          stock: own.chance(0.05) ? 'none' : 'plenty',
        });
      }),
    );
    const parent = build(random, parentId, 'configurable', place, {
      parts: { kind: 'configurable', children: children.map(asMember) },
      name,
      sku,
      price: null,
      images: colors.map((_, row) => imageFile(parentId, row)).slice(0, 3),
    });
    return [...children, parent];
  }

  function build(
    random: Random,
    entityId: number,
    type: ProductType,
    place: Placement,
    known: Partial<Product> & Pick<Product, 'parts'>,
  ): Product {
    const name = known.name ?? productName(random);
    const key = `${urlKey(name)}-${entityId}`;
    const complete = known.complete ?? false;
    const dynamic = known.parts.kind === 'bundle' && !known.parts.fixedPrice;
    return {
      entityId,
      type,
      name,
      sku: `${type.slice(0, 3).toUpperCase()}-${entityId}`,
      urlKey: key,
      attributeSetId:
        type === 'downloadable'
          ? attributeSetIds.download
          : type === 'configurable' || known.parts.kind === 'variant'
            ? attributeSetIds.clothing
            : attributeSetIds.product,
      enabled: true,
      visibility: random.pick<Visibility>([4, 4, 4, 4, 4, 4, 4, 4, 2, 3]),
      price: type === 'grouped' || type === 'giftcard' || dynamic ? null : randomPrice(random),
      weight: type === 'simple' ? random.whole(1, 80) / 4 : null,
      images: Array.from({ length: random.whole(1, 3) }, (_, at) => imageFile(entityId, at)),
      stock: 'plenty',
      complete,
      hasOptions: false,
      overrides: storeOverrides(catalog, random, { name, urlKey: key, complete }),
      versions: versions.of(entityId),
      ...place,
      ...known,
    };
  }
}

function oddityOf(plan: Plan) {
  return ('oddity' in plan ? plan.oddity : undefined) ?? 'plain';
}

/** One child in thirty is not on all of its parent's websites. */
function childPlace(random: Random, place: Placement): Placement {
  return random.chance(0.033) ? { ...place, websiteIds: place.websiteIds.slice(0, 1) } : place;
}

function partsOf(
  plan: Exclude<Plan, { type: 'configurable' }>,
  random: Random,
  pool: ProductPool,
): Parts {
  switch (plan.type) {
    case 'grouped':
      return { kind: 'grouped', members: pool.simples(random, plan.members) };
    case 'bundle':
      return {
        kind: 'bundle',
        fixedPrice: plan.fixedPrice,
        members: pool.simples(random, plan.members),
      };
    case 'downloadable':
      return { kind: 'downloadable', linksSoldSeparately: plan.linksSoldSeparately };
    case 'giftcard':
      return { kind: 'giftcard', amounts: [25, 50, 100] };
    case 'simple':
    case 'virtual':
      return { kind: 'none' };
  }
}

function asMember({ entityId, sku, name, price }: Product): Member {
  return { entityId, sku, name, price: price ?? 0 };
}

function randomPrice(random: Random): number {
  return random.whole(5, 250) + random.pick([0, 0.5, 0.95, 0.99]);
}

function imageFile(entityId: number, at: number): string {
  const name = `p${entityId}_${at + 1}`;
  return `/${name.charAt(0)}/${name.charAt(1)}/${name}.jpg`;
}
