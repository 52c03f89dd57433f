import { createHash } from 'node:crypto';

import { prefixedName } from '../table-prefix.js';
import type { CapturedTable } from './captured-table.js';
import { dependentsOfWideTables, silentCascades, type Cascade } from './cascades.js';
import { CHANGELOG, changelogTable } from './changelog-table.js';
import { captureSources, type CaptureSource } from './source.js';
import { underCapturedNames, type ShopTables } from './shop-tables.js';
import { cascadeBody, rowBody, updateBody } from './trigger-body.js';

/** Triggers of ours begin with it; a foreign one that does is told apart by what it writes to. */
export const TRIGGER_NAME_START = 'saas_export_';

const LONGEST_NAME = 64;

/** A trigger as it has to be. */
export interface WantedTrigger {
  readonly name: string;
  /** Without table prefix. */
  readonly table: string;
  readonly timing: 'AFTER' | 'BEFORE';
  readonly event: 'INSERT' | 'UPDATE' | 'DELETE';
  /** From BEGIN to END, as the server shows it as ACTION_STATEMENT. */
  readonly body: string;
  /** Captured tables whose changes it notes, without table prefix. */
  readonly notes: readonly string[];
}

/** What is captured of a shop as it is, and by which triggers. */
export interface CapturePlan {
  readonly shop: ShopTables;
  readonly sources: readonly CaptureSource[];
  readonly triggers: readonly WantedTrigger[];
  /**
   * Tables such as `store`, by name, with the captured tables of which a deletion there removes or
   * changes rows that no trigger notes. Feeds that watch one of them have to compare themselves as a
   * whole when a change of the wide table arrives.
   */
  readonly wide: ReadonlyMap<string, readonly string[]>;
}

export function planCapture(captured: readonly CapturedTable[], found: ShopTables): CapturePlan {
  const shop = underCapturedNames([...captured, { table: CHANGELOG }], found);
  const sources = captureSources(captured, shop);
  const log = changelogTable(shop.place);
  const cascades = new Map<string, Cascade[]>();
  for (const cascade of silentCascades(sources, shop)) {
    cascades.set(cascade.parent, [...(cascades.get(cascade.parent) ?? []), cascade]);
  }
  const triggers: WantedTrigger[] = [];
  const want = (
    table: string,
    timing: WantedTrigger['timing'],
    event: WantedTrigger['event'],
    body: string,
    notes: readonly string[],
  ): void => {
    const name = triggerName(prefixedName(shop.place.tablePrefix, table), timing, event);
    triggers.push({ name, table, timing, event, body, notes: [...new Set(notes)] });
  };
  for (const source of sources) {
    want(source.table, 'AFTER', 'INSERT', rowBody(log, source, 'NEW'), [source.table]);
    want(source.table, 'AFTER', 'UPDATE', updateBody(log, source), [source.table]);
    want(source.table, 'AFTER', 'DELETE', rowBody(log, source, 'OLD'), [source.table]);
  }
  for (const [parent, below] of [...cascades].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const notes = below.map(({ source }) => source.table);
    want(parent, 'BEFORE', 'DELETE', cascadeBody(shop.place, log, below), notes);
  }
  return { shop, sources, triggers, wide: dependentsOfWideTables(sources, shop) };
}

/** `saas_export_<table with prefix>_ai`; of a long name the end is replaced by a hash. */
function triggerName(
  table: string,
  timing: WantedTrigger['timing'],
  event: WantedTrigger['event'],
): string {
  const end = `_${timing.charAt(0)}${event.charAt(0)}`.toLowerCase();
  const name = `${TRIGGER_NAME_START}${table}${end}`;
  if (name.length <= LONGEST_NAME) return name;
  const hash = createHash('sha1').update(table).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST_NAME - hash.length - end.length - 1)}_${hash}${end}`;
}

/** The statement that makes a trigger. `definer` is SQL, such as `'shop'@'%'`. */
export function createTrigger(
  trigger: WantedTrigger,
  tableSql: string,
  definer: string | undefined,
): string {
  const by = definer === undefined ? '' : `DEFINER = ${definer} `;
  return `CREATE ${by}TRIGGER \`${trigger.name}\` ${trigger.timing} ${trigger.event} ON ${tableSql} FOR EACH ROW\n${trigger.body}`;
}
