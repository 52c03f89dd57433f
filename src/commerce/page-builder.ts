import { decodeEntities, encodeEntities } from './html-entities.js';
import { parseHtml, VOID_ELEMENTS, type HtmlElement, type HtmlNode } from './html-tree.js';

/** Attributes that hold URLs; what URLs cannot hold is percent-encoded in them. */
const URL_ATTRIBUTES = new Set(['action', 'href', 'src']);

/**
 * Page Builder keeps HTML blocks (`data-content-type="html"`) as encoded text: their content becomes
 * HTML, and they are marked. The whole text is read and written anew, as the reference exporter's
 * parser writes it: characters beyond ASCII become entities everywhere but in a decoded block.
 */
export function decodeHtmlBlocks(html: string): string {
  return parseHtml(html).map(written).join('');
}

function written(node: HtmlNode): string {
  switch (node.kind) {
    case 'text':
      return encodeEntities(node.text);
    case 'raw':
      return node.text;
    case 'element':
      return isEncodedBlock(node) ? decodedBlock(node) : element(node, content(node));
  }
}

function isEncodedBlock({ attributes }: HtmlElement): boolean {
  return (
    attributes.get('data-content-type') === 'html' && attributes.get('data-decoded') !== 'true'
  );
}

/** Blocks within a block are part of its text. */
function decodedBlock(block: HtmlElement): string {
  const attributes = new Map(block.attributes).set('data-decoded', 'true');
  return element({ ...block, attributes }, decodeEntities(plainContent(block)));
}

function content({ children }: HtmlElement): string {
  return children.map(written).join('');
}

function plainContent({ children }: HtmlElement): string {
  return children
    .map((node) => (node.kind === 'element' ? element(node, plainContent(node)) : written(node)))
    .join('');
}

function element({ name, attributes }: HtmlElement, inner: string): string {
  let start = `<${name}`;
  for (const [attribute, value] of attributes) {
    start += value === null ? ` ${attribute}` : ` ${attribute}=${quoted(attribute, value)}`;
  }
  return VOID_ELEMENTS.has(name) ? `${start}>` : `${start}>${inner}</${name}>`;
}

/** In single quotes where the value holds double ones. */
function quoted(attribute: string, value: string): string {
  const text = encodeEntities(URL_ATTRIBUTES.has(attribute) ? percentEncoded(value) : value);
  if (!text.includes('"')) return `"${text}"`;
  return text.includes("'") ? `"${text.replaceAll('"', '&quot;')}"` : `'${text}'`;
}

function percentEncoded(url: string): string {
  return url.replace(/[^\x21-\x7e]+/g, (part) =>
    [...Buffer.from(part)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
