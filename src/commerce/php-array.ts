import { PhpSyntaxError, PhpTokens, type PhpToken } from './php-tokens.js';

export type PhpValue = string | number | boolean | null | PhpArray;
/** Keys as PHP's array has them: integers as text too, in the order written. */
export type PhpArray = ReadonlyMap<string, PhpValue>;

// Far deeper than any settings are; a file that is not settings must not exhaust the stack.
const MAX_DEPTH = 100;

/**
 * Reads a PHP file that does nothing but return an array of literals, as Commerce's `env.php` and
 * `config.php` do. Nothing is run: variables, constants, calls, operators and heredocs are refused.
 *
 * @throws PhpSyntaxError
 */
export function parsePhpArray(source: string): PhpArray {
  const tokens = new PhpTokens(source);
  tokens.openTag();
  skipDeclare(tokens);
  if (!tokens.take('name', 'return')) throw tokens.unexpected('`return [`');
  const value = parseValue(tokens, 0);
  tokens.take('symbol', ';');
  tokens.end();
  if (!(value instanceof Map)) throw new PhpSyntaxError('the file does not return an array', 1);
  return value;
}

/** `declare(strict_types=1);` changes nothing about literals. */
function skipDeclare(tokens: PhpTokens): void {
  if (!tokens.take('name', 'declare')) return;
  for (const expected of ['(', 'strict_types', '=', undefined, ')', ';']) {
    const token = tokens.next();
    if (expected !== undefined && String(token.value).toLowerCase() !== expected) {
      throw tokens.unexpected(`\`${expected}\``, token);
    }
  }
}

function parseValue(tokens: PhpTokens, depth: number): PhpValue {
  const token = tokens.next();
  switch (token.kind) {
    case 'string':
    case 'number':
      return token.value;
    case 'name':
      return namedValue(tokens, token, depth);
    case 'symbol':
      if (token.value === '[') return parseEntries(tokens, ']', depth);
      if (token.value === '-' || token.value === '+') return signedNumber(tokens, token.value);
      throw tokens.unexpected('a literal', token);
    case 'end':
      throw tokens.unexpected('a literal', token);
  }
}

function namedValue(
  tokens: PhpTokens,
  token: Extract<PhpToken, { kind: 'name' }>,
  depth: number,
): PhpValue {
  switch (token.value.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    case 'array':
      if (tokens.take('symbol', '(')) return parseEntries(tokens, ')', depth);
      throw tokens.unexpected('`(` after array');
    default:
      throw tokens.unexpected('a literal', token);
  }
}

function signedNumber(tokens: PhpTokens, sign: string): number {
  const token = tokens.next();
  if (token.kind !== 'number') throw tokens.unexpected(`a number after \`${sign}\``, token);
  return sign === '-' ? -token.value : token.value;
}

function parseEntries(tokens: PhpTokens, close: string, depth: number): PhpArray {
  if (depth === MAX_DEPTH) {
    throw new PhpSyntaxError(`arrays are nested more than ${MAX_DEPTH} deep`, tokens.line);
  }
  const entries = new Map<string, PhpValue>();
  let nextIndex = 0;
  while (!tokens.take('symbol', close)) {
    let value = parseValue(tokens, depth + 1);
    let key = String(nextIndex);
    if (tokens.take('symbol', '=>')) {
      key = keyOf(value, tokens);
      value = parseValue(tokens, depth + 1);
    }
    if (/^-?\d+$/.test(key)) nextIndex = Math.max(nextIndex, Number(key) + 1);
    entries.set(key, value);
    if (!tokens.take('symbol', ',')) {
      if (tokens.take('symbol', close)) break;
      throw tokens.unexpected(`\`,\` or \`${close}\``);
    }
  }
  return entries;
}

/** PHP takes null as '', booleans as 0 and 1, and cuts floats. */
function keyOf(value: PhpValue, tokens: PhpTokens): string {
  if (value !== null && typeof value === 'object') {
    throw new PhpSyntaxError('an array cannot be a key', tokens.line);
  }
  if (typeof value === 'number') return String(Math.trunc(value));
  if (typeof value === 'boolean') return value ? '1' : '0';
  return value ?? '';
}
