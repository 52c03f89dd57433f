import type { Configuration } from './configuration.js';

/** The base URLs of a store view, each with one trailing slash. */
export interface BaseUrls {
  readonly web: string;
  readonly link: string;
  readonly media: string;
}

/**
 * URLs: always the unsecure variants, since the reference exporter never runs as a web request.
 * With store id 0, the URLs of the default scope, as feeds use them for swatches and directives.
 */
export function baseUrls(
  configuration: Configuration,
  { id, code }: { readonly id: number; readonly code: string },
): BaseUrls {
  const value = (path: string): string | null =>
    configuration.value(path, id) ?? configuration.value(path);
  const web = withSlash(value('web/unsecure/base_url') ?? '');
  const mediaUrl = value('web/unsecure/base_media_url');
  const inStore =
    configuration.flag('web/url/use_store', id) &&
    !configuration.flag('general/single_store_mode/enabled', id);
  const link =
    withSlash(value('web/unsecure/base_link_url') ?? '') +
    (configuration.flag('web/seo/use_rewrites', id) ? '' : 'index.php/') +
    (inStore ? `${code}/` : '');
  return {
    web,
    link: withSlash(link),
    media: withSlash(mediaUrl === null || mediaUrl === '' ? `${web}media` : mediaUrl),
  };
}

function withSlash(url: string): string {
  return `${url.replace(/\/+$/, '')}/`;
}
