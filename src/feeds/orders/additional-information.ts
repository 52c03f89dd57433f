import {
  decodePhpJson,
  encodePhpJson,
  phpFloat,
  type PhpArray,
  type PhpValue,
} from '../../commerce/php-json.js';
import type { Order } from './contract.js';
import { BrokenOrder } from './broken-order.js';

/**
 * The list or object in a column.
 *
 * @returns null for JSON `null`.
 * @throws BrokenOrder for anything else, naming `column`.
 */
export function readInformation(json: string | null, column: string): PhpArray | null {
  const value = json === null ? undefined : decodePhpJson(json);
  if (value?.kind === 'null') return null;
  if (value?.kind !== 'array') {
    throw new BrokenOrder(`${column} holds no JSON object or list.`);
  }
  return value;
}

/** Entries by name; a list's are named by their position. Texts stay, other values become JSON. */
export function informationList(information: PhpArray | null): Order['additionalInformation'] {
  if (information === null || information.entries.size === 0) return null;
  return [...information.entries].map(([name, value]) => ({
    name,
    value: value.kind === 'string' ? value.value : encodePhpJson(value),
  }));
}

/**
 * The payment method's title; undefined where there is none.
 *
 * @throws BrokenOrder for lists and objects.
 */
export function methodTitle(information: PhpArray | null, column: string): string | undefined {
  const title = information?.entries.get('method_title');
  if (title === undefined || title.kind === 'null') return undefined;
  if (title.kind === 'array') throw new BrokenOrder(`method_title in ${column} is no text.`);
  return castToText(title);
}

function castToText(value: Exclude<PhpValue, PhpArray>): string {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'integer':
      return value.digits;
    case 'float':
      return phpFloat(value.value).replace('e', 'E');
    case 'boolean':
      return value.value ? '1' : '';
    case 'null':
      return '';
  }
}

/**
 * Whether a bundle is shipped together: `shipment_type` 0.
 *
 * @throws BrokenOrder where the options are no JSON, naming `column`.
 */
export function isShippedTogether(productOptions: string, column: string): boolean {
  const options = decodePhpJson(productOptions);
  if (options === undefined) throw new BrokenOrder(`${column} holds no JSON.`);
  const type = options.kind === 'array' ? options.entries.get('shipment_type') : undefined;
  switch (type?.kind) {
    case undefined:
    case 'null':
      return false;
    case 'boolean':
      return !type.value;
    case 'integer':
      return type.digits === '0';
    case 'float':
      return Math.trunc(type.value) === 0;
    // As PHP casts: the number that the text begins with, else 0.
    case 'string':
      return (
        Math.trunc(Number(/^\s*[+-]?\d+(\.\d*)?(e[+-]?\d+)?/i.exec(type.value)?.[0] ?? 0)) === 0
      );
    case 'array':
      return type.entries.size === 0;
  }
}
