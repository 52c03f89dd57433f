import type { Value } from './values.js';

/** Boolean, as payloads define it: false for null, `''`, `'0'` and 0. */
export function truth(value: Value): boolean {
  return value !== null && value !== '' && value !== '0' && value !== 0;
}

/** The number a text starts with, 0 where it starts with none. */
export function leadingNumber(text: string): number {
  const number = Number.parseFloat(text);
  return Number.isFinite(number) ? number : 0;
}

/** A decimal of the database as a number. */
export function numberOrNull(value: Value | undefined): number | null {
  return value === null || value === undefined ? null : leadingNumber(String(value));
}
