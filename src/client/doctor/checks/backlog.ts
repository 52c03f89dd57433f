import { allFeeds } from '../../../feeds/registry.js';
import { STATUS } from '../../../store/settlements.js';
import { ok, problem, warning, type Check, type Finding } from '../finding.js';

const LATE_MINUTES = 15;
const TOO_LATE_MINUTES = 60;

/** Changes that wait for long, and items that the service did not take. */
export const backlog: Check = {
  name: 'backlog',
  async run({ store }) {
    if (store === undefined) return [];
    const pending = await store.rows<{ feed: string; entities: number; minutes: number }>(
      `SELECT feed, COUNT(*) AS entities,
              TIMESTAMPDIFF(MINUTE, MIN(changed_at), UTC_TIMESTAMP()) AS minutes
       FROM ${store.t('pending_entity')} GROUP BY feed ORDER BY feed`,
    );
    const findings = pending.flatMap(pendingFinding);
    for (const { name, table } of allFeeds()) {
      const [row] = await store.rows<{ items: number }>(
        `SELECT COUNT(*) AS items FROM ${store.t(table)} WHERE status IN (?)`,
        [[STATUS.failed, STATUS.refused]],
      );
      if (row !== undefined && row.items > 0) findings.push(failedFinding(name, row.items));
    }
    return findings.length > 0 ? findings : [ok('No change waits for long, and no item failed.')];
  },
};

export function pendingFinding(row: {
  readonly feed: string;
  readonly entities: number;
  readonly minutes: number;
}): Finding[] {
  const { feed, entities, minutes } = row;
  if (minutes < LATE_MINUTES) return [];
  const what = `${entities} changes of ${feed} wait, the oldest for ${minutes} minutes.`;
  const why = 'They are not at the service yet; usually that takes seconds.';
  const cure = `saas-export resync --feed ${feed}`;
  return [minutes < TOO_LATE_MINUTES ? warning(what, why, cure) : problem(what, why, cure)];
}

function failedFinding(feed: string, items: number): Finding {
  return warning(
    `${items} items of ${feed} were refused or could not be collected.`,
    'They stay out of the service, or as they were there, until their content changes.',
    `saas-export items --feed ${feed} --status failed; then saas-export explain ${feed} <id>`,
  );
}
