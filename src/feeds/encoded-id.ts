/** Base64 of a decimal id, as reviews and their ratings carry it: 4 becomes `NA==`. */
export function encodeId(id: number): string {
  return Buffer.from(String(id)).toString('base64');
}

/** The id behind an encoded one; NaN where it is none. */
export function decodeId(encoded: string): number {
  const digits = Buffer.from(encoded, 'base64').toString('latin1');
  return /^\d+$/.test(digits) ? Number(digits) : NaN;
}
