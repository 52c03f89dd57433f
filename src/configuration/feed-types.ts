import { suggestion } from '../errors/suggestion.js';
import { FEED_NAMES, findFeedName, type FeedName } from '../feeds/names.js';
import { InvalidValue, isMap, listOf, type RawValue, type SettingType } from './types.js';

/** Names of feeds, each once, in the order written; `all` stands for all that are not named. */
export const feedList: SettingType<readonly FeedName[]> = {
  label: 'feed names, separated by commas',
  parse(raw) {
    const names = listOf(raw);
    if (names.length === 0) throw new InvalidValue('must name at least one feed');
    return [...new Set(names.flatMap((name) => (name === 'all' ? FEED_NAMES : [feedOf(name)])))];
  },
  show: (value) => value.join(','),
};

export const ROUTE_PRESETS = [
  'commerce-services',
  'composable-catalog',
  'commerce-optimizer',
] as const;
export type RoutePreset = (typeof ROUTE_PRESETS)[number];

/** Where each feed is sent to. */
export interface Routes {
  readonly preset: RoutePreset;
  /** Paths below the service's URL that win over the preset; `{DATA_SPACE_ID}` is replaced. */
  readonly custom: Readonly<Partial<Record<FeedName, string>>>;
}

/** A preset, routes of single feeds (`orders=feeds/orders/v1/{DATA_SPACE_ID}`), or both. */
export const routes: SettingType<Routes> = {
  label: 'preset and `feed=path`, separated by commas',
  parse(raw) {
    let preset: RoutePreset = 'commerce-services';
    const custom: Partial<Record<FeedName, string>> = {};
    for (const [key, value] of routeEntries(raw)) {
      if (key === 'preset') preset = presetOf(value);
      else custom[feedOf(key)] = templateOf(key, value);
    }
    return { preset, custom };
  },
  show: ({ preset, custom }) =>
    [preset, ...Object.entries(custom).map(([feed, path]) => `${feed}=${path}`)].join(','),
};

function routeEntries(raw: RawValue): (readonly [string, string])[] {
  if (isMap(raw)) return Object.entries(raw);
  return listOf(raw).map((part) => {
    const at = part.indexOf('=');
    return at === -1
      ? (['preset', part] as const)
      : ([part.slice(0, at).trim(), part.slice(at + 1).trim()] as const);
  });
}

function presetOf(name: string): RoutePreset {
  const preset = ROUTE_PRESETS.find((each) => each === name);
  if (preset === undefined) {
    throw new InvalidValue(
      `must begin with a preset (${ROUTE_PRESETS.join(', ')}) or be feed=path`,
    );
  }
  return preset;
}

function templateOf(feed: string, path: string): string {
  const template = path.replace(/^\/+/, '');
  if (!template.includes('{DATA_SPACE_ID}')) {
    throw new InvalidValue(`must have {DATA_SPACE_ID} in the path of ${feed}`);
  }
  return template;
}

function feedOf(name: string): FeedName {
  const feed = findFeedName(name);
  if (feed !== undefined) return feed;
  const meant = suggestion(name, FEED_NAMES);
  const hint =
    meant === undefined ? `feeds are ${FEED_NAMES.join(', ')}` : `did you mean ${meant}?`;
  throw new InvalidValue(`names the feed “${name}”, which does not exist: ${hint}`, {
    complete: true,
  });
}
