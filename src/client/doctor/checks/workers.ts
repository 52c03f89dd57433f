import { explainCauses } from '../../../errors/export-error.js';
import { pollersOf } from '../../temporal.js';
import { ok, problem, type Check } from '../finding.js';

/** Whether a worker polls the task queue. */
export const workers: Check = {
  name: 'workers',
  async run({ temporal, configuration }) {
    if (temporal === undefined) return [];
    const { taskQueue } = configuration.temporal;
    try {
      const pollers = await pollersOf(temporal, taskQueue);
      if (pollers > 0) {
        const who = pollers === 1 ? 'A worker polls' : `${pollers} workers poll`;
        return [ok(`${who} the task queue ${taskQueue}.`)];
      }
    } catch (error) {
      return [
        problem(
          `The task queue ${taskQueue} cannot be looked at: ${explainCauses(error)}.`,
          'Runs cannot be started.',
          'Check TEMPORAL_NAMESPACE.',
        ),
      ];
    }
    return [
      problem(
        `No worker polls the task queue ${taskQueue}.`,
        'Runs start, and wait until a worker takes them.',
        'saas-export worker',
      ),
    ];
  },
};
