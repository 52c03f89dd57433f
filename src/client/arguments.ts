import { ExportError } from '../errors/export-error.js';

/** @throws ExportError SDE10-03 for what is no number of lines. */
export function limitOf(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000_000) {
    throw new ExportError('SDE10-03', {
      message: `--limit takes a whole number from 1 to 1000000, not “${text}”.`,
    });
  }
  return limit;
}
