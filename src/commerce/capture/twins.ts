/**
 * Whether `name` is a work table of `table`: what Commerce fills and swaps in, or what it swapped
 * out. Such tables never carry triggers of ours.
 */
export function isTwinOf(table: string, name: string): boolean {
  if (!name.startsWith(table)) return false;
  return /^(_replica|_tmp|_old|_outdated|__temp[0-9a-f]*|__old[0-9a-f]*)$/.test(
    name.slice(table.length),
  );
}
