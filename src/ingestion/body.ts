import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import { malformed, tooLarge, unsupported } from './refusal.js';

const gunzipped = promisify(gunzip);

/**
 * The body without its content encoding.
 *
 * @param maxBytes of the unpacked body: unpacking ends there, whatever would have come.
 * @throws Refusal 413 above `maxBytes`, 415 for another encoding than gzip, 400 if it is broken.
 */
export async function unpack(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  switch ((encoding ?? '').trim().toLowerCase()) {
    case '':
    case 'identity':
      return body;
    case 'gzip':
    case 'x-gzip':
      break;
    default:
      throw unsupported('The content encoding is neither gzip nor identity.');
  }
  try {
    return await gunzipped(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw bodyTooLarge(maxBytes);
    throw malformed('invalid_encoding', 'The body is not gzip.', cause);
  }
}

export function bodyTooLarge(maxBytes: number): ReturnType<typeof tooLarge> {
  return tooLarge(`The body is larger than ${maxBytes} bytes, unpacked; send fewer items at once.`);
}
