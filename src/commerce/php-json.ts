/**
 * A JSON value as PHP decodes it: lists and objects are both arrays, whose keys keep the order in
 * which they were written, also where they look like numbers. Of a repeated key the last value counts.
 */
export type PhpValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** A whole number within signed 64 bit, its digits. */
  | { readonly kind: 'integer'; readonly digits: string }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | PhpArray;

export interface PhpArray {
  readonly kind: 'array';
  readonly entries: ReadonlyMap<string, PhpValue>;
}

/** As deep as PHP decodes. */
const DEPTH = 512;
const INT64 = 2n ** 63n;

/** Decodes JSON as PHP does; undefined where PHP would refuse it. */
export function decodePhpJson(text: string): PhpValue | undefined {
  const parser = new Parser(text);
  try {
    return parser.document();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Encodes as PHP does with its default flags and a precision of 14 digits: an array whose keys are
 * 0 to n - 1 in order is a list, an empty one too; `/` and what is not ASCII is escaped.
 */
export function encodePhpJson(value: PhpValue): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(value.value);
    case 'integer':
      return value.digits;
    case 'float':
      return phpFloat(value.value);
    case 'string':
      return encodeString(value.value);
    case 'array': {
      const entries = [...value.entries];
      return entries.every(([key], index) => key === String(index))
        ? `[${entries.map(([, each]) => encodePhpJson(each)).join(',')}]`
        : `{${entries.map(([key, each]) => `${encodeString(key)}:${encodePhpJson(each)}`).join(',')}}`;
    }
  }
}

/** A float as PHP writes it with 14 digits: `1.5`, `34`, `1.0e+25`, `-0`. */
export function phpFloat(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', power = ''] = value.toExponential(13).split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 14) return String(Number(value.toPrecision(14)));
  const digits = mantissa.replace(/\.?0+$/, '');
  return `${digits.includes('.') ? digits : `${digits}.0`}e${power}`;
}

function encodeString(text: string): string {
  return JSON.stringify(text).replace(/[/\u0080-\uffff]/g, (unit) =>
    unit === '/' ? '\\/' : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
// PHP takes them in any case.
const WORD = /null|true|false/iy;
const SPACE = /[ \t\n\r]*/y;
const STRING_PIECE = /[^"\\]*/y;
const LONE_SURROGATE = /\p{Surrogate}/u;

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): PhpValue {
    const value = this.#value();
    if (this.#at < this.#text.length) throw new SyntaxError('more than one value');
    return value;
  }

  #value(): PhpValue {
    this.#match(SPACE);
    const value = this.#bareValue();
    this.#match(SPACE);
    return value;
  }

  #bareValue(): PhpValue {
    switch (this.#text[this.#at]) {
      case '"':
        return { kind: 'string', value: this.#string() };
      case '[':
        return this.#array(']', (entries) => {
          entries.set(String(entries.size), this.#value());
        });
      case '{':
        return this.#array('}', (entries) => {
          this.#match(SPACE);
          const key = this.#string();
          this.#match(SPACE);
          this.#expect(':');
          entries.set(key, this.#value());
        });
      default:
        return this.#wordOrNumber();
    }
  }

  #wordOrNumber(): PhpValue {
    const word = this.#match(WORD)?.[0].toLowerCase();
    if (word === 'null') return { kind: 'null' };
    if (word !== undefined) return { kind: 'boolean', value: word === 'true' };
    return this.#number();
  }

  #array(end: ']' | '}', readEntry: (entries: Map<string, PhpValue>) => void): PhpArray {
    if (++this.#depth > DEPTH) throw new SyntaxError('too deep');
    this.#at += 1;
    const entries = new Map<string, PhpValue>();
    this.#match(SPACE);
    while (this.#text[this.#at] !== end) {
      if (entries.size > 0) this.#expect(',');
      readEntry(entries);
    }
    this.#at += 1;
    this.#depth -= 1;
    return { kind: 'array', entries };
  }

  #string(): string {
    const start = this.#at;
    this.#expect('"');
    for (;;) {
      this.#match(STRING_PIECE);
      if (this.#at >= this.#text.length) throw new SyntaxError('a string without end');
      if (this.#text[this.#at] === '"') break;
      this.#at += 2;
    }
    this.#at += 1;
    const value = JSON.parse(this.#text.slice(start, this.#at)) as string;
    if (LONE_SURROGATE.test(value)) throw new SyntaxError('half a character');
    return value;
  }

  #number(): PhpValue {
    const found = this.#match(NUMBER);
    if (found === null) throw new SyntaxError('not a value');
    const [written, fraction, power] = found;
    if (fraction === undefined && power === undefined && written !== '-0') {
      const whole = BigInt(written);
      if (whole >= -INT64 && whole < INT64) return { kind: 'integer', digits: written };
    }
    return { kind: 'float', value: Number(written) };
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw new SyntaxError(`no ${character}`);
    this.#at += 1;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }
}
