import type { FeedItem } from '../../feeds/feed.js';
import { compileValidator, type ItemValidator } from '../../feeds/validation.js';
import type { CatalogCollection } from '../collections.js';
import type { ItemForm } from '../item-form.js';
import { catalogContract, type CatalogOperation, type CatalogResource } from './contracts.js';

/** Of which generation of the API a route is. */
export type CatalogGeneration = 'composable-catalog' | 'commerce-optimizer';

export const COLLECTION_OF: Readonly<Record<CatalogResource, CatalogCollection>> = {
  products: 'catalogProducts',
  metadata: 'catalogMetadata',
  layers: 'catalogLayers',
  categories: 'catalogCategories',
  priceBooks: 'catalogPriceBooks',
  prices: 'catalogPrices',
};

const MARKERS: Readonly<Record<CatalogResource, string>> = {
  products: 'sku',
  metadata: 'code',
  layers: 'sku',
  categories: 'slug',
  priceBooks: 'priceBookId',
  prices: 'sku',
};

/**
 * How items of a resource are taken. The composable catalog called the locale's object `scope` at
 * first and `source` later; both are taken there. It also took deletions as items.
 */
export function catalogForm(
  resource: CatalogResource,
  operation: CatalogOperation,
  generation: CatalogGeneration,
): ItemForm {
  const validate = validatorOf(resource, operation, generation);
  return {
    feed: COLLECTION_OF[resource],
    marker: MARKERS[resource],
    stampField: undefined,
    deletes: operation === 'delete',
    contract: catalogContract(
      resource,
      operation,
      generation === 'composable-catalog' ? 'scope' : 'source',
    ),
    validate,
    ...(operation === 'update'
      ? { validateWhole: validatorOf(resource, 'replace', generation) }
      : {}),
    identityOf: (item) => identityOf(resource, item),
  };
}

function validatorOf(
  resource: CatalogResource,
  operation: CatalogOperation,
  generation: CatalogGeneration,
): ItemValidator {
  const early = generation === 'composable-catalog';
  const compile = (scope: 'scope' | 'source'): ItemValidator =>
    compileValidator({
      live: catalogContract(resource, operation, scope),
      deletion: catalogContract(resource, early ? 'delete' : operation, scope),
      stampField: undefined,
    });
  const bySource = compile('source');
  if (!early) return bySource;
  const byScope = compile('scope');
  return (item) => (Object.hasOwn(item, 'scope') ? byScope(item) : bySource(item));
}

function identityOf(resource: CatalogResource, item: FeedItem): readonly string[] {
  const { sku, code, slug, priceBookId, source, scope } = item as Readonly<Record<string, string>>;
  const { locale = '', layer = '' } = (source ?? scope ?? {}) as {
    readonly locale?: string;
    readonly layer?: string;
  };
  switch (resource) {
    case 'products':
      return [sku ?? '', locale];
    case 'layers':
      return [sku ?? '', locale, layer];
    case 'metadata':
      return [code ?? '', locale];
    case 'categories':
      return [slug ?? '', locale];
    case 'priceBooks':
      return [priceBookId ?? ''];
    case 'prices':
      return [sku ?? '', priceBookId ?? ''];
  }
}
