import { scheduleSettings } from '../../schedules/declarations.js';
import { planSchedules, type PlannedSchedule } from '../../schedules/reconcile.js';
import { ok, problem, warning, type Check, type Finding } from '../finding.js';

/** Schedules on the server against those declared. */
export const schedules: Check = {
  name: 'schedules',
  async run({ temporal, configuration }) {
    if (temporal === undefined) return [];
    return scheduleFindings(await planSchedules(temporal, scheduleSettings(configuration)));
  },
};

export function scheduleFindings(
  plans: readonly Pick<PlannedSchedule, 'id' | 'action' | 'paused'>[],
): Finding[] {
  const findings = plans.flatMap(scheduleFinding);
  return findings.length > 0
    ? findings
    : [ok('The schedules are as declared, and none is paused.')];
}

function scheduleFinding({
  id,
  action,
  paused,
}: Pick<PlannedSchedule, 'id' | 'action' | 'paused'>): Finding[] {
  const apply = 'saas-export schedules apply';
  if (action === 'create') {
    return [problem(`The schedule ${id} is missing.`, 'Its work is not started by itself.', apply)];
  }
  if (paused !== null) {
    return [
      warning(
        `The schedule ${id} is paused${paused.note === '' ? '' : ` (${paused.note})`}.`,
        'Its work is not started by itself.',
        `saas-export schedules resume --schedule ${id.replace(/^.*saas-export-/, '')}`,
      ),
    ];
  }
  if (action === 'update' || action === 'remove') {
    return [
      warning(`The schedule ${id} is not as declared.`, 'It starts other work than meant.', apply),
    ];
  }
  return [];
}
