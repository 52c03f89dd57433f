import { inspect } from 'node:util';

const MASK = '***';

/** A value that no log, JSON document or console shows; only `reveal()` gives it. */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/**
 * The URL with its password masked. Works on text that is no valid URL too, where a password with an
 * unescaped `@` or `/` is the usual mistake: everything from the user name to the last `@` goes.
 */
export function maskUrl(url: string): string {
  // Digits before a slash are a port.
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:@/?#]*:)(?!\d+[/?#]).*@/is, `$1${MASK}@`);
}
