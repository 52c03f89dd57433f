import { baseUrls } from './base-urls.js';
import type { Configuration } from './configuration.js';
import { configuredPlace, type PlaceNames } from './configured-place.js';
import { readCustomVariables, type CustomVariable } from './custom-variables.js';
import { directiveFilter } from './directives.js';
import { MODULES } from './modules.js';
import { decodeHtmlBlocks } from './page-builder.js';
import type { Read } from './read.js';
import type { Shop } from './shop.js';

/**
 * Turns stored content (descriptions of products and categories) into what the storefront shows.
 * Text without directives and without encoded HTML blocks comes back unchanged.
 */
export type ContentFilter = (text: string) => string;

export interface ContentFilterSources {
  readonly configuration: Configuration;
  /** By code, as the default scope has them. */
  readonly variables: ReadonlyMap<string, CustomVariable>;
  /** The shop's country and region, as the configuration may be asked for them. */
  readonly place?: PlaceNames;
  /** Whether Page Builder's encoded HTML blocks are decoded. Default true. */
  readonly pageBuilder?: boolean;
}

/**
 * Content: the reference exporter filters as the admin, so all values are those of the default
 * scope, whatever the item's store view. What only Commerce can render (`block`, `widget`, `view`,
 * `layout`, background images) stays as it is written.
 */
export function contentFilter({
  configuration,
  variables,
  place,
  pageBuilder = true,
}: ContentFilterSources): ContentFilter {
  const urls = baseUrls(configuration, { id: 0, code: 'admin' });
  const resolve = directiveFilter({ configuration, variables, urls, ...(place && { place }) });
  return (text) => {
    const resolved = text.includes('{{') ? resolve(text) : text;
    return pageBuilder && resolved.includes('data-content-type="html"')
      ? decodeHtmlBlocks(resolved)
      : resolved;
  };
}

/** The filter of a shop: two queries at most. */
export async function readContentFilter(read: Read, shop: Shop): Promise<ContentFilter> {
  return contentFilter({
    configuration: shop.configuration,
    variables: await readCustomVariables(read, shop),
    place: await configuredPlace(read, shop),
    pageBuilder: !shop.isModuleOff(MODULES.pageBuilder),
  });
}
