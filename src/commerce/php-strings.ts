/** The text of a single-quoted PHP string: only `\\` and `\'` are escapes. */
export function singleQuoted(body: string): string {
  return body.replace(/\\([\\'])/g, '$1');
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  v: '\v',
  e: '\x1b',
  f: '\f',
  '\\': '\\',
  $: '$',
  '"': '"',
};

const PART =
  /\\(?:u\{([\da-fA-F]+)\}|x([\da-fA-F]{1,2})|([0-7]{1,3})|([ntrvef\\$"]))|(\$(?=[A-Za-z_{\u0080-\uffff])|\{(?=\$))|[^\\${]+|[^]/g;

/** The text of a double-quoted PHP string; undefined where it contains a variable. */
export function doubleQuoted(body: string): string | undefined {
  // `\xC3\xA9` are two bytes of one character, so the text is put together as bytes.
  const parts: Buffer[] = [];
  for (const [text, unicode, hex, octal, letter, variable] of body.matchAll(PART)) {
    if (variable !== undefined) return undefined;
    if (hex !== undefined) parts.push(Buffer.from([Number.parseInt(hex, 16)]));
    else if (octal !== undefined) parts.push(Buffer.from([Number.parseInt(octal, 8) & 0xff]));
    else if (unicode !== undefined) parts.push(Buffer.from(character(unicode)));
    else parts.push(Buffer.from(letter === undefined ? text : (ESCAPES[letter] ?? text)));
  }
  return Buffer.concat(parts).toString('utf8');
}

function character(hex: string): string {
  const code = Number.parseInt(hex, 16);
  return code > 0x10_ffff ? '\ufffd' : String.fromCodePoint(code);
}
