/** What Commerce and its indexers add to the name of a table that they fill or have swapped out. */
const WORK_TABLE = /_(replica|tmp|temp|old|outdated)(?=_|$)|__(temp|old)[0-9a-f]*$/;

/** Whether the end of a table's name marks a work table, of whichever table. */
export function isWorkTable(suffix: string): boolean {
  return WORK_TABLE.test(suffix);
}

/**
 * Whether `name` is a work table of `table`: what Commerce fills and swaps in, or what it swapped
 * out. Such tables never carry triggers of ours.
 */
export function isTwinOf(table: string, name: string): boolean {
  return name.startsWith(table) && WORK_TABLE.exec(name.slice(table.length))?.index === 0;
}
