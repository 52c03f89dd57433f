import { prefixedName } from '../table-prefix.js';
import type { CapturedTable } from './captured-table.js';
import { isMarked } from './changelog.js';
import { CHANGELOG, CHANGELOG_COLUMNS } from './changelog-table.js';
import type { Definer } from './definer.js';
import { existingTriggers, isAsWanted, type ExistingTrigger } from './existing-triggers.js';
import { knownSources, unknownChanges } from './known-sources.js';
import { readShopTables } from './shop-tables.js';
import type { OwnTables, ShopPlace, Sql } from './sql.js';
import { serverFindings } from './server-settings.js';
import {
  readIdentities,
  rememberedTables,
  resetReason,
  triggersHash,
  type TableIdentity,
} from './table-memory.js';
import { planCapture, type CapturePlan } from './triggers.js';
import { isTwinOf } from './twins.js';

export type FindingKind =
  | 'trigger-missing'
  | 'trigger-altered'
  | 'trigger-unknown'
  | 'trigger-superfluous'
  | 'table-swapped'
  | 'table-reset'
  | 'changelog-missing'
  | 'changelog-unusable'
  | 'changelog-reset'
  | 'changelog-unknown-rows'
  | 'definer-unusable'
  | 'binary-log-trust'
  | 'binary-log-format';

/** Something that is not as change capture needs it. */
export interface CaptureFinding {
  readonly kind: FindingKind;
  /** Captured tables concerned, without table prefix, and so the feeds that watch them. */
  readonly tables: readonly string[];
  /** One sentence. */
  readonly message: string;
  readonly cure: string;
  /** Whether changes of the tables may not have been noted: they need a full comparison. */
  readonly gap: boolean;
}

export interface CaptureCheckOptions extends ShopPlace {
  readonly tables: readonly CapturedTable[];
  readonly definer?: Definer;
}

export interface CaptureHealth {
  readonly plan: CapturePlan;
  readonly findings: readonly CaptureFinding[];
  /** How the plan's tables and the changelog were when they were looked at. */
  readonly identities: ReadonlyMap<string, TableIdentity>;
}

const REPAIR = 'Run `saas-export install`; the feeds concerned are then compared with the shop.';

/** Looks at triggers, changelog and server; reads only, a dozen queries. */
export async function checkCapture(
  shop: Sql,
  own: OwnTables,
  options: CaptureCheckOptions,
): Promise<CaptureHealth> {
  const place: ShopPlace = { schema: options.schema, tablePrefix: options.tablePrefix };
  const plan = planCapture(options.tables, await readShopTables(shop, place));
  const existing = await existingTriggers(shop, place, plan.shop.tables.keys());
  const identities = await readIdentities(shop, place, [
    CHANGELOG,
    ...plan.sources.map(({ table }) => table),
  ]);
  const findings = [
    ...(await changelogFindings(shop, own, plan)),
    ...triggerFindings(plan, existing, options.definer),
    ...(await resetFindings(shop, own, plan, identities)),
    ...(await serverFindings(shop, plan, existing)),
  ];
  return { plan, findings, identities };
}

function triggerFindings(
  plan: CapturePlan,
  existing: readonly ExistingTrigger[],
  definer: Definer | undefined,
): CaptureFinding[] {
  const byName = new Map(existing.map((one) => [one.name, one]));
  const findings: CaptureFinding[] = [];
  const swapped = new Set<string>();
  for (const wanted of plan.triggers) {
    const present = byName.get(wanted.name);
    if (present !== undefined && isAsWanted(present, wanted, definer?.account)) continue;
    const elsewhere = present !== undefined && present.table !== wanted.table;
    const isSwapped =
      elsewhere ||
      (present === undefined &&
        plan.sources.some(({ table, swapped }) => table === wanted.table && swapped.length > 0));
    if (isSwapped) {
      if (swapped.has(wanted.table)) continue;
      swapped.add(wanted.table);
      const twin = present?.table ?? '';
      findings.push({
        kind: 'table-swapped',
        tables: wanted.notes,
        message: elsewhere
          ? `Another table has taken the place of ${wanted.table}; the triggers are on ${twin}${isTwinOf(wanted.table, twin) ? ', its twin' : ''}.`
          : `Another table has taken the place of ${wanted.table}; the triggers went with the old one.`,
        cure: REPAIR,
        gap: true,
      });
      continue;
    }
    findings.push({
      kind: present === undefined ? 'trigger-missing' : 'trigger-altered',
      tables: wanted.notes,
      message:
        present === undefined
          ? `The trigger ${wanted.name} on ${wanted.table} is missing.`
          : `The trigger ${wanted.name} on ${wanted.table} is not as it was made${definer !== undefined && present.definer !== definer.account ? `, or runs as ${present.definer}` : ''}.`,
      cure: REPAIR,
      gap: true,
    });
  }
  const wantedNames = new Set(plan.triggers.map(({ name }) => name));
  for (const { name, table } of existing) {
    if (wantedNames.has(name)) continue;
    findings.push({
      kind: 'trigger-superfluous',
      tables: [],
      message: `The trigger ${name} on ${table} is no longer needed.`,
      cure: 'Run `saas-export install`, which drops it.',
      gap: false,
    });
  }
  return findings;
}

async function changelogFindings(
  shop: Sql,
  own: OwnTables,
  plan: CapturePlan,
): Promise<CaptureFinding[]> {
  const { place } = plan.shop;
  const tables = plan.sources.map(({ table }) => table);
  const [row] = await shop.rows<{ engine: string | null }>(
    'SELECT engine AS engine FROM information_schema.tables WHERE table_schema = ? AND table_name = ?',
    [place.schema, prefixedName(place.tablePrefix, CHANGELOG)],
  );
  const name = prefixedName(place.tablePrefix, CHANGELOG);
  const finding = (kind: FindingKind, message: string, cure = REPAIR): CaptureFinding => ({
    kind,
    tables,
    message,
    cure,
    gap: true,
  });
  if (row === undefined) return [finding('changelog-missing', `The table ${name} is missing.`)];
  if (row.engine?.toLowerCase() !== 'innodb') {
    return [
      finding(
        'changelog-unusable',
        `The table ${name} has engine ${row.engine ?? 'none'}: its rows do not follow the shop’s transactions.`,
        `Run \`ALTER TABLE ${name} ENGINE=InnoDB\`, then \`saas-export install\`.`,
      ),
    ];
  }
  const missing = missingColumns(plan);
  if (missing.length > 0) {
    return [
      finding(
        'changelog-unusable',
        `The table ${name} has no column ${missing.join(', ')}.`,
        `Drop ${name}, then run \`saas-export install\`.`,
      ),
    ];
  }
  const [unknown] = await unknownChanges(shop, place, await knownSources(own), 1);
  if (unknown === undefined) return [];
  return [
    finding(
      'changelog-unknown-rows',
      `The table ${name} has rows whose meaning is not known: they come from another installation, or the exporter’s own tables were made anew.`,
    ),
  ];
}

/** Of the changelog. */
function missingColumns(plan: CapturePlan): readonly string[] {
  const columns = plan.shop.tables.get(CHANGELOG)?.columns;
  return CHANGELOG_COLUMNS.filter((column) => columns?.has(column) !== true);
}

async function resetFindings(
  shop: Sql,
  own: OwnTables,
  plan: CapturePlan,
  current: ReadonlyMap<string, TableIdentity>,
): Promise<CaptureFinding[]> {
  const tables = plan.sources.map(({ table }) => table);
  const remembered = await rememberedTables(own);
  const findings: CaptureFinding[] = [];
  const fresh = tables.filter(
    (name) => remembered.get(name)?.triggers !== triggersHash(plan, name),
  );
  if (fresh.length > 0) {
    findings.push({
      kind: 'trigger-unknown',
      tables: fresh,
      message: `${fresh.length} tables have triggers that were made since the last installation, so changes before that may have gone unnoticed.`,
      cure: REPAIR,
      gap: true,
    });
  }
  const isEmptied =
    remembered.has(CHANGELOG) &&
    missingColumns(plan).length === 0 &&
    !(await isMarked(shop, plan.shop.place));
  for (const [name, before] of remembered) {
    const now = current.get(name);
    if (now === undefined) continue;
    const reason =
      name === CHANGELOG && isEmptied ? 'the row that marks it is gone' : resetReason(before, now);
    if (reason === undefined) continue;
    findings.push({
      kind: name === CHANGELOG ? 'changelog-reset' : 'table-reset',
      tables: name === CHANGELOG ? tables : [name],
      message: `The table ${prefixedName(plan.shop.place.tablePrefix, name)} was emptied or made anew: ${reason}.`,
      cure: REPAIR,
      gap: true,
    });
  }
  return findings;
}
