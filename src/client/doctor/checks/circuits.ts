import { allOpenCircuits } from '../../../store/circuits.js';
import { ok, problem, type Check } from '../finding.js';

/** Whether the service refuses all requests, so that workers only probe. */
export const circuits: Check = {
  name: 'circuits',
  async run({ store }) {
    if (store === undefined) return [];
    const open = await allOpenCircuits(store);
    if (open.length === 0) return [ok('The service answers, as far as workers know.')];
    return open.map(({ scope, reason, openedAt, failures }) =>
      problem(
        `The service refuses all requests${scope === '*' ? '' : ` of ${scope}`} since ${openedAt.slice(0, 19)} UTC: ${reason} (${failures} attempts).`,
        'Nothing leaves; workers probe at intervals, and go on by themselves.',
        'Cure the reason; for refused credentials check SERVICE_API_KEY, SERVICE_PRIVATE_KEY and SERVICE_ENVIRONMENT_ID.',
      ),
    );
  },
};
