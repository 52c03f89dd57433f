import { readContentFilter } from '../../commerce/content-filter.js';
import { escapeHtml } from '../../commerce/html-entities.js';
import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';

/**
 * What becomes of a stored description depends on the attribute's settings: with HTML and the
 * editor allowed (the standard) directives are resolved, with neither the text is escaped, with one
 * of the two it stays as it is.
 */
export async function readDescriptionRule(
  shop: Shop,
  read: Read,
): Promise<(text: string) => string> {
  const settings = await read.row<[number, number]>(
    `SELECT is_html_allowed_on_front, is_wysiwyg_enabled
     FROM ${shop.t('catalog_eav_attribute')} WHERE attribute_id = ?`,
    [shop.categoryAttributes.id('description')],
  );
  const [html, editor] = (settings ?? [1, 1]).map((flag) => flag !== 0);
  if (html !== editor) return (text) => text;
  return html === true ? remembering(await readContentFilter(read, shop)) : escapeHtml;
}

/** Store views mostly share a text, and ask for it one after the other. */
function remembering(filter: (text: string) => string): (text: string) => string {
  let last = '';
  let filtered = filter(last);
  return (text) => {
    if (text !== last) {
      filtered = filter(text);
      last = text;
    }
    return filtered;
  };
}
