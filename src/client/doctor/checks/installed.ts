import { unavailability } from '../../../feeds/availability.js';
import { allFeeds } from '../../../feeds/registry.js';
import { shopOptions } from '../../../worker/shop-options.js';
import { ok, problem, skipped, type Check } from '../finding.js';

/** Whether the exporter's tables are there, and which state belongs to another data space. */
export const installed: Check = {
  name: 'installation',
  async run({ store, own, shop, configuration }) {
    if (own === undefined) return [];
    if (store === undefined) {
      return [
        problem(
          'The exporter’s tables are missing or older than this program.',
          'Nothing can be exported.',
          'saas-export install',
        ),
      ];
    }
    const { url, environmentId } = configuration.service;
    const bound = await store.rows<{ feed: string; environment: string; service: string }>(
      `SELECT feed, environment_id AS environment, service_url AS service
       FROM ${store.t('feed_binding')} ORDER BY feed`,
    );
    const elsewhere = bound.filter(
      (each) => each.environment !== environmentId || each.service !== url,
    );
    const other = elsewhere.map(({ feed }) => feed).join(', ');
    const binding =
      elsewhere.length === 0
        ? ok('The exporter’s tables are as this program needs them.')
        : problem(
            `The state of ${other} belongs to another data space or service.`,
            'Runs of these feeds stop before they send anything.',
            `If the move is meant: saas-export resync --feed ${elsewhere.map(({ feed }) => feed).join(',')} --cleanup-feed`,
          );
    if (shop === undefined) return [binding];
    const names = await shop.rows<{ name: string }>(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
    );
    const existing = new Set(names.map(({ name }) => name));
    const hasTable = (table: string): boolean => existing.has(`${shop.tablePrefix}${table}`);
    const { modules } = await shopOptions(configuration);
    const isModuleOff = (module: string): boolean => modules?.get(module) === false;
    const lacking = allFeeds().flatMap((feed) => {
      const reason = unavailability({ hasTable, isModuleOff }, feed);
      return reason === undefined ? [] : [skipped(reason)];
    });
    return [binding, ...lacking];
  },
};
