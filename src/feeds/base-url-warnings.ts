import type { BaseUrls } from '../commerce/base-urls.js';
import type { CollectWarning } from './feed.js';

/** A warning, where base URLs hold `{{base_url}}` or the like, which no export can resolve. */
export function baseUrlWarnings(
  storeViews: readonly { readonly code: string; readonly urls: BaseUrls }[],
): CollectWarning[] {
  const codes = storeViews
    .filter(({ urls }) => Object.values(urls).some((url: string) => url.includes('{{')))
    .map(({ code }) => code);
  if (codes.length === 0) return [];
  return [
    {
      code: 'CDE01-25',
      message: `Base URLs hold a placeholder (${placeholderIn(storeViews)}) that only a web request resolves, so URLs are sent with it. Store views: ${codes.join(', ')}.`,
    },
  ];
}

function placeholderIn(storeViews: readonly { readonly urls: BaseUrls }[]): string {
  const urls = storeViews.flatMap(({ urls: { web, link, media } }) => [web, link, media]);
  return urls.map((url) => /\{\{[^}]*\}\}/.exec(url)?.[0]).find(Boolean) ?? '{{';
}
