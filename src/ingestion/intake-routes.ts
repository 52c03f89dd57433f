import { ExportError } from '../errors/export-error.js';
import type { Feed } from '../feeds/feed.js';
import { DATA_SPACE_ID, itemsPerRequest, ROUTE_PRESETS } from '../feeds/routes.js';
import type { CatalogOperation } from './catalog/contracts.js';
import { catalogRoutes } from './catalog/routes.js';
import { feedForm, wireForm, type ItemForm } from './item-form.js';

/** The presets, by generation of the API: each takes items of other forms. */
export const GENERATIONS = [
  'commerce-services',
  'composable-catalog',
  'commerce-optimizer',
] as const;

export type Generation = (typeof GENERATIONS)[number];

/**
 * The generations of these names; all by default.
 *
 * @throws ExportError SDE10-01 for other names.
 */
export function generationsOf(names: readonly string[] = GENERATIONS): readonly Generation[] {
  return names.map((name) => {
    const generation = GENERATIONS.find((each) => each === name);
    if (generation === undefined) {
      throw new ExportError('SDE10-01', {
        message: `INGESTION_GENERATIONS names “${name}”; there are ${GENERATIONS.join(', ')}.`,
      });
    }
    return generation;
  });
}

/** A path that takes batches. */
export interface IntakeRoute {
  readonly generation: Generation;
  readonly method: 'POST' | 'PATCH';
  /** What is done with valid items. */
  readonly operation: CatalogOperation;
  /** With a leading slash and the parameter `:environment`. */
  readonly url: string;
  /** One for most routes; the published scopes route takes several, told apart by their markers. */
  readonly forms: readonly ItemForm[];
  /** Most items of a request. */
  readonly limit: number;
}

/** The routes of a generation, paths of older drafts included. */
export function intakeRoutes(feeds: readonly Feed[], generation: Generation): IntakeRoute[] {
  return generation === 'commerce-services' ? feedRoutes(feeds) : catalogRoutes(generation);
}

function feedRoutes(feeds: readonly Feed[]): IntakeRoute[] {
  const routes = new Map<string, IntakeRoute>();
  const add = (template: string, feed: Feed, forms: readonly ItemForm[]): void => {
    const url = `/${template.replaceAll(DATA_SPACE_ID, ':environment')}`;
    const before = routes.get(url);
    routes.set(url, {
      generation: 'commerce-services',
      method: 'POST',
      operation: 'replace',
      url,
      forms: [...(before?.forms ?? []), ...forms],
      limit: Math.min(before?.limit ?? Infinity, itemsPerRequest(feed.name)),
    });
  };
  for (const feed of feeds) {
    const route = ROUTE_PRESETS['commerce-services'][feed.name];
    const own = feedForm(feed);
    const forms = [wireForm(feed.name) ?? [], own].flat();
    for (const template of [route.path, ...route.alternatives]) add(template, feed, forms);
    if ('feedForm' in route) add(route.feedForm, feed, [own]);
  }
  return [...routes.values()];
}
