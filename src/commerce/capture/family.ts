import type { CapturedTable } from './captured-table.js';
import { isWorkTable } from './twins.js';

/** Whether the table is the captured one, or belongs to the captured family. */
export function isCaptured(
  { table: captured, suffix = 'number' }: Pick<CapturedTable, 'table' | 'suffix'>,
  table: string,
): boolean {
  if (!captured.endsWith('*')) return captured === table;
  const family = captured.slice(0, -1);
  if (!table.startsWith(family)) return false;
  const end = table.slice(family.length);
  return suffix === 'any' ? !isWorkTable(end) : /^\d+$/.test(end);
}
