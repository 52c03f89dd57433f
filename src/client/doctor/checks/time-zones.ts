import { ok, problem, type Check, type Finding } from '../finding.js';

const PATH = 'general/locale/timezone';

/**
 * Whether the time zones of the shop's websites are known: rule prices are those of a website's own
 * date. Those of the servers do not matter, since all sessions of the exporter work in UTC.
 */
export const timeZones: Check = {
  name: 'time zones',
  async run({ shop }) {
    if (shop === undefined || !(await shop.hasTable('core_config_data'))) return [];
    const rows = await shop.rows<{ scope: string; scopeId: number; zone: string | null }>(
      `SELECT scope, scope_id AS scopeId, value AS zone FROM ${shop.t('core_config_data')}
       WHERE path = ?`,
      [PATH],
    );
    const found = rows.flatMap(({ scope, scopeId, zone }) =>
      zoneFinding(scopeId === 0 ? scope : `${scope} ${scopeId}`, zone ?? ''),
    );
    return found.length > 0 ? found : [ok('The time zones of the shop’s websites are known.')];
  },
};

export function zoneFinding(scope: string, zone: string): Finding[] {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return [];
  } catch {
    return [
      problem(
        `The setting ${PATH} of ${scope} is “${zone}”, which is no time zone.`,
        'Prices of catalog rules change at the midnight of a website: there UTC is taken.',
        `bin/magento config:set ${PATH} with a name such as Europe/Berlin.`,
      ),
    ];
  }
}
