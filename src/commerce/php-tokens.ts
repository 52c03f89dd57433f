import { doubleQuoted, singleQuoted } from './php-strings.js';

/** What a PHP file has that settings do not. */
export class PhpSyntaxError extends Error {
  override readonly name = 'PhpSyntaxError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

export type PhpToken =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** Keywords, constants, functions and variables. */
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'symbol'; readonly value: string }
  | { readonly kind: 'end'; readonly value: '' };

const BLANKS = /(?:\s+|\/\/(?:(?!\?>).)*|#(?!\[)(?:(?!\?>).)*|\/\*[^]*?\*\/)+/y;
const NUMBER =
  /0[xX][\da-fA-F]+(?:_[\da-fA-F]+)*|0[bB][01]+(?:_[01]+)*|0[oO][0-7]+(?:_[0-7]+)*|(?:\d+(?:_\d+)*)?\.\d+(?:_\d+)*(?:[eE][+-]?\d+)?|\d+(?:_\d+)*\.?(?:[eE][+-]?\d+)?/y;
const NAME = /[$\\]?[A-Za-z_\u0080-\uffff][\w\\\u0080-\uffff]*/y;
const SYMBOL = /=>|::|<<<|\.\.\.|\?>|[^\s]/y;
const SINGLE_QUOTED = /'[^'\\]*(?:\\[^][^'\\]*)*'/y;
const DOUBLE_QUOTED = /"[^"\\]*(?:\\[^][^"\\]*)*"/y;

/** Cuts a PHP file into tokens, one ahead. */
export class PhpTokens {
  readonly #source: string;
  #at = 0;
  #peeked: PhpToken | undefined;

  constructor(source: string) {
    this.#source = source.replace(/^\uFEFF/, '');
  }

  /** The line of the token that was read last. */
  get line(): number {
    return this.#lineAt(this.#at);
  }

  openTag(): void {
    if (this.#match(/\s*<\?php(?=\s|$)/iy) === undefined) {
      throw new PhpSyntaxError('the file does not begin with <?php', 1);
    }
  }

  next(): PhpToken {
    const token = this.#peeked ?? this.#read();
    this.#peeked = undefined;
    return token;
  }

  /** Reads the next token if it is this one; letter case does not count. */
  take(kind: 'name' | 'symbol', value: string): boolean {
    this.#peeked ??= this.#read();
    if (this.#peeked.kind !== kind || this.#peeked.value.toLowerCase() !== value) return false;
    this.#peeked = undefined;
    return true;
  }

  /** Only a closing tag may follow. */
  end(): void {
    this.take('symbol', '?>');
    const token = this.next();
    if (token.kind !== 'end') throw this.unexpected('the end of the file', token);
  }

  /** Says what stands where something else was expected; never the content of a string. */
  unexpected(expected: string, token: PhpToken = this.next()): PhpSyntaxError {
    const found =
      token.kind === 'end'
        ? 'the end of the file'
        : token.kind === 'string'
          ? 'a string'
          : `\`${token.value}\``;
    const hint =
      token.kind === 'name' || ['.', '(', '::', '<<<', '?'].includes(String(token.value))
        ? '; only literal values are read, code is never run'
        : '';
    return new PhpSyntaxError(`expected ${expected}, found ${found}${hint}`, this.line);
  }

  #read(): PhpToken {
    this.#match(BLANKS);
    if (this.#at >= this.#source.length) return { kind: 'end', value: '' };
    const single = this.#match(SINGLE_QUOTED);
    if (single !== undefined) return { kind: 'string', value: singleQuoted(single.slice(1, -1)) };
    const start = this.#at;
    const double = this.#match(DOUBLE_QUOTED);
    if (double !== undefined) {
      const value = doubleQuoted(double.slice(1, -1));
      if (value === undefined) {
        throw new PhpSyntaxError(
          'a string contains a variable; code is never run',
          this.#lineAt(start),
        );
      }
      return { kind: 'string', value };
    }
    const number = this.#match(NUMBER);
    if (number !== undefined) return { kind: 'number', value: numberOf(number) };
    const name = this.#match(NAME);
    if (name !== undefined) return { kind: 'name', value: name };
    const symbol = this.#match(SYMBOL) ?? '';
    if (symbol === "'" || symbol === '"') {
      throw new PhpSyntaxError('a string is not closed', this.#lineAt(start));
    }
    return { kind: 'symbol', value: symbol };
  }

  #lineAt(offset: number): number {
    return this.#source.slice(0, offset).split('\n').length;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#source)?.[0];
    if (text !== undefined) this.#at += text.length;
    return text;
  }
}

function numberOf(written: string): number {
  const digits = written.replaceAll('_', '');
  // A leading zero means octal, except before a fraction or an exponent.
  return /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}
