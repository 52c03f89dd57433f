import type { Feed } from '../feeds/feed.js';
import {
  DATA_SPACE_ID,
  itemsPerRequest,
  ROUTE_PRESETS,
  type RoutePreset,
} from '../feeds/routes.js';
import { feedForm, wireForm, type ItemForm } from './item-form.js';

/** A path that takes batches. */
export interface IntakeRoute {
  /** With a leading slash and the parameter `:environment`. */
  readonly url: string;
  /** One for most routes; the published scopes route takes several, told apart by their markers. */
  readonly forms: readonly ItemForm[];
  /** Most items of a request. */
  readonly limit: number;
}

/** The routes of the preset for these feeds, paths of older drafts included. */
export function intakeRoutes(feeds: readonly Feed[], preset: RoutePreset): IntakeRoute[] {
  const routes = new Map<string, IntakeRoute>();
  const add = (template: string, feed: Feed, forms: readonly ItemForm[]): void => {
    const url = `/${template.replaceAll(DATA_SPACE_ID, ':environment')}`;
    const before = routes.get(url);
    routes.set(url, {
      url,
      forms: [...(before?.forms ?? []), ...forms],
      limit: Math.min(before?.limit ?? Infinity, itemsPerRequest(feed.name)),
    });
  };
  for (const feed of feeds) {
    const route = ROUTE_PRESETS[preset][feed.name];
    const own = feedForm(feed);
    const forms = [wireForm(feed.name) ?? [], own].flat();
    for (const template of [route.path, ...route.alternatives]) add(template, feed, forms);
    if ('feedForm' in route) add(route.feedForm, feed, [own]);
  }
  return [...routes.values()];
}
