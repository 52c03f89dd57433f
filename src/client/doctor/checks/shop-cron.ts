import { ok, problem, warning, type Check } from '../finding.js';

/** Commerce's cron runs its jobs each minute. */
const LATE_MINUTES = 15;

/** Whether the shop's own cron is alive: without it, its indexes are not brought up to date. */
export const shopCron: Check = {
  name: 'cron of the shop',
  async run({ shop }) {
    if (shop === undefined) return [];
    if (!(await shop.hasTable('cron_schedule'))) {
      return [
        warning(
          'The Commerce database has no table cron_schedule.',
          'It cannot be told whether the cron of the shop is alive.',
          'Check that the dump of the shop was complete.',
        ),
      ];
    }
    const row = await shop.row<{ minutes: number | null; at: string | null }>(
      `SELECT TIMESTAMPDIFF(MINUTE, MAX(executed_at), UTC_TIMESTAMP()) AS minutes,
              MAX(executed_at) AS at
       FROM ${shop.t('cron_schedule')} WHERE executed_at IS NOT NULL`,
    );
    const cure =
      'Run `bin/magento cron:install` on the shop’s server, and look into var/log/cron.log.';
    const why =
      'Prices of catalog rules, stock and permissions are read from indexes it refreshes.';
    if (row?.minutes == null) {
      return [problem('The cron of the shop has never run.', why, cure)];
    }
    if (row.minutes > LATE_MINUTES) {
      return [
        problem(
          `The cron of the shop last ran ${row.minutes} minutes ago (${row.at ?? ''} UTC).`,
          why,
          cure,
        ),
      ];
    }
    return [ok(`The cron of the shop ran ${row.minutes} minutes ago.`)];
  },
};
