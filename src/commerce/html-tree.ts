import { decodeEntities } from './html-entities.js';

export interface HtmlElement {
  readonly kind: 'element';
  readonly name: string;
  /** Null for an attribute that is written without a value. */
  readonly attributes: Map<string, string | null>;
  readonly children: HtmlNode[];
}

export type HtmlNode =
  | HtmlElement
  | { readonly kind: 'text'; readonly text: string }
  /** Comments, and the content of scripts and styles: as it is written. */
  | { readonly kind: 'raw'; readonly text: string };

/** Elements that have no end tag and no content. */
export const VOID_ELEMENTS = new Set([
  ...['area', 'base', 'basefont', 'br', 'col', 'embed', 'frame', 'hr', 'img', 'input'],
  ...['isindex', 'link', 'meta', 'param', 'source', 'track', 'wbr'],
]);

const RAW_ELEMENTS = new Set(['script', 'style']);

/** Elements that end where one of the others begins. */
const ENDED_BY: Readonly<Record<string, ReadonlySet<string>>> = {
  p: new Set(
    `address article aside blockquote center div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr
     main nav ol p pre section table ul`.split(/\s+/),
  ),
  li: new Set(['li']),
  dt: new Set(['dt', 'dd']),
  dd: new Set(['dt', 'dd']),
  option: new Set(['option', 'optgroup']),
  tr: new Set(['tr', 'tbody', 'tfoot']),
  td: new Set(['td', 'th', 'tr', 'tbody', 'tfoot']),
  th: new Set(['td', 'th', 'tr', 'tbody', 'tfoot']),
};

const TOKEN =
  /<!--.*?-->|<![^>]*>|<\/([a-z][^\s>/]*)[^>]*>|<([a-z][^\s>/]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/gis;
const ATTRIBUTE = /([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/** Reads a fragment of HTML as browsers of its time would: nothing is an error. */
export function parseHtml(html: string): HtmlNode[] {
  const root: HtmlElement = { kind: 'element', name: '', attributes: new Map(), children: [] };
  const open = [root];
  const top = (): HtmlElement => open.at(-1) ?? root;
  const addText = (text: string): void => {
    if (text !== '') top().children.push({ kind: 'text', text: decodeEntities(text) });
  };

  let at = 0;
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(html); token !== null; token = TOKEN.exec(html)) {
    const [written, endName, startName, attributes = ''] = token;
    addText(html.slice(at, token.index));
    at = token.index + written.length;
    if (endName !== undefined) {
      close(open, endName.toLowerCase());
    } else if (startName !== undefined) {
      const name = startName.toLowerCase();
      while (ENDED_BY[top().name]?.has(name) === true) open.pop();
      const element = { kind: 'element', name, attributes: attributesOf(attributes), children: [] };
      const opened = element as HtmlElement;
      top().children.push(opened);
      if (RAW_ELEMENTS.has(name)) {
        const end = rawEnd(html, at, name);
        opened.children.push({ kind: 'raw', text: html.slice(at, end) });
        at = end;
        TOKEN.lastIndex = end;
      }
      if (!VOID_ELEMENTS.has(name)) open.push(opened);
    } else {
      top().children.push({ kind: 'raw', text: written });
    }
  }
  addText(html.slice(at));
  return root.children;
}

/** An end tag closes all that is open within its element; one without a beginning is dropped. */
function close(open: HtmlElement[], name: string): void {
  const at = open.findLastIndex((element) => element.name === name);
  if (at > 0) open.length = at;
}

function rawEnd(html: string, from: number, name: string): number {
  const end = html.toLowerCase().indexOf(`</${name}`, from);
  return end < 0 ? html.length : end;
}

function attributesOf(text: string): Map<string, string | null> {
  const attributes = new Map<string, string | null>();
  for (const [, name = '', double, single, bare] of text.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase();
    const value = double ?? single ?? bare;
    if (!attributes.has(key)) {
      attributes.set(key, value === undefined ? null : decodeEntities(value));
    }
  }
  return attributes;
}
