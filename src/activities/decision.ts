import { STATUS } from '../store/settlements.js';
import type { StateRow } from '../store/state-rows.js';

/**
 * What to do with a collected item: send it; leave it, since the service has it; note that it is
 * there after all (it was taken for missing, or belonged to another entity); or leave it to the
 * entity with the higher id that owns its identity.
 */
export type Decision = 'send' | 'unchanged' | 'present' | 'rival';

export interface DecisionRules {
  /** Send also what the service has. */
  readonly force: boolean;
  /** Items claimed by this run have at least this number, and are not forced twice. */
  readonly firstSeq: number;
  readonly hashVersion: number;
  /** Whether the page holds all items of an entity, so that a row it does not yield is stale. */
  readonly covers: (sourceId: number) => boolean;
}

/** These wait until the content changes. */
const SETTLED: ReadonlySet<number> = new Set([STATUS.accepted, STATUS.refused, STATUS.failed]);

export function decide(
  item: { readonly sourceId: number; readonly hash: string },
  row: StateRow | undefined,
  rules: DecisionRules,
): Decision {
  if (row === undefined) return 'send';
  const stale = row.isMissing || row.isDeleted || rules.covers(row.sourceId);
  if (row.sourceId > item.sourceId && !stale) return 'rival';
  const same =
    row.hash === item.hash &&
    row.hashVersion === rules.hashVersion &&
    !row.isDeleted &&
    SETTLED.has(row.status);
  if (!same) return 'send';
  if (rules.force && !(row.collectedSeq >= rules.firstSeq && row.status === STATUS.accepted)) {
    return 'send';
  }
  return row.isMissing || row.sourceId !== item.sourceId ? 'present' : 'unchanged';
}
