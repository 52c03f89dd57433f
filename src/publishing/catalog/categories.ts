import type { CatalogItem, CatalogScopes, SourceItem } from './catalog-format.js';
import { filled, metaTags, textOf } from './values.js';

/**
 * A category in a store view as a category in a locale, known by its path of URL keys. Those
 * without a path (the roots of trees, categories without a URL key) have no place there.
 */
export function categoryToCatalog(
  item: SourceItem,
  { localeOf }: CatalogScopes,
): readonly CatalogItem[] {
  const slug = textOf(item, 'urlPath');
  if (slug === '') return [];
  const fields = {
    name: textOf(item, 'name') || slug,
    ...filled({
      description: textOf(item, 'description'),
      metaTags: metaTags(
        textOf(item, 'metaTitle'),
        textOf(item, 'metaDescription'),
        textOf(item, 'metaKeywords'),
      ),
    }),
  };
  return [{ keys: { slug, source: { locale: localeOf(textOf(item, 'storeViewCode')) } }, fields }];
}
