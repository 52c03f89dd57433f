import type { IntakeRoute } from '../intake-routes.js';
import type { CatalogOperation, CatalogResource } from './contracts.js';
import { catalogForm, type CatalogGeneration } from './forms.js';

interface Resource {
  readonly name: CatalogResource;
  readonly path: string;
  /** The first generation had fewer. */
  readonly early: boolean;
  readonly updates: boolean;
  readonly limit: number;
}

const RESOURCES: readonly Resource[] = [
  { name: 'products', path: 'products', early: true, updates: true, limit: 100 },
  { name: 'metadata', path: 'products/metadata', early: true, updates: true, limit: 100 },
  { name: 'layers', path: 'products/layers', early: false, updates: false, limit: 100 },
  { name: 'categories', path: 'categories', early: false, updates: true, limit: 100 },
  { name: 'priceBooks', path: 'price-books', early: true, updates: true, limit: 500 },
  { name: 'prices', path: 'products/prices', early: true, updates: true, limit: 500 },
];

/** The routes of the generations that take the catalog in shapes of its own. */
export function catalogRoutes(generation: CatalogGeneration): IntakeRoute[] {
  const early = generation === 'composable-catalog';
  return RESOURCES.filter((resource) => resource.early || !early).flatMap((resource) =>
    pathsOf(resource, early).flatMap((url) => operationsOf(resource, url, generation)),
  );
}

function pathsOf({ path }: Resource, early: boolean): string[] {
  return early
    ? [`/api/v1/catalog/${path}/:environment`, `/:environment/api/v1/catalog/${path}`]
    : [`/:environment/v1/catalog/${path}`];
}

function operationsOf(
  { name, updates, limit }: Resource,
  url: string,
  generation: CatalogGeneration,
): IntakeRoute[] {
  const route = (
    operation: CatalogOperation,
    method: IntakeRoute['method'],
    suffix = '',
  ): IntakeRoute => ({
    url: `${url}${suffix}`,
    method,
    generation,
    operation,
    forms: [catalogForm(name, operation, generation)],
    limit,
  });
  return [
    route('replace', 'POST'),
    ...(updates ? [route('update', 'PATCH')] : []),
    route('delete', 'POST', '/delete'),
  ];
}
