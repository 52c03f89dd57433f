import { ok, problem, warning, type Check, type Finding } from '../finding.js';

/** Indexers whose tables payloads are read from, and the feeds that read them. */
const READ_INDEXERS: Readonly<Record<string, string>> = {
  catalogrule_rule: 'prices',
  catalogrule_product: 'prices',
  cataloginventory_stock: 'products, inventoryStockStatus',
  inventory: 'products, inventoryStockStatus',
  catalog_category_product: 'products',
  catalog_product_category: 'products',
  catalogpermissions_category: 'productOverrides',
  catalogpermissions_product: 'productOverrides',
};

/** An indexer at work for longer is taken for dead. */
const STUCK_MINUTES = 60;

/** Whether the shop's indexers that payloads are read from are up to date. */
export const shopIndexers: Check = {
  name: 'indexers of the shop',
  async run({ shop }) {
    if (shop === undefined) return [];
    const findings: Finding[] = [];
    const ids = Object.keys(READ_INDEXERS);
    if (await shop.hasTable('indexer_state')) {
      const rows = await shop.rows<{ id: string; status: string; minutes: number | null }>(
        `SELECT indexer_id AS id, status,
                TIMESTAMPDIFF(MINUTE, updated, UTC_TIMESTAMP()) AS minutes
         FROM ${shop.t('indexer_state')} WHERE indexer_id IN (?) AND status <> 'valid'
         ORDER BY indexer_id`,
        [ids],
      );
      findings.push(...rows.flatMap(indexerFinding));
    }
    if (await shop.hasTable('mview_state')) {
      const rows = await shop.rows<{ id: string; status: string; minutes: number | null }>(
        `SELECT view_id AS id, status,
                TIMESTAMPDIFF(MINUTE, updated, UTC_TIMESTAMP()) AS minutes
         FROM ${shop.t('mview_state')}
         WHERE view_id IN (?) AND mode = 'enabled' AND status <> 'idle' ORDER BY view_id`,
        [ids],
      );
      findings.push(...rows.flatMap(viewFinding));
    }
    return findings.length > 0
      ? findings
      : [ok('The indexers of the shop that payloads are read from are up to date.')];
  },
};

interface State {
  readonly id: string;
  readonly status: string;
  readonly minutes: number | null;
}

function indexerFinding({ id, status, minutes }: State): Finding[] {
  const feeds = READ_INDEXERS[id] ?? '';
  if (status === 'invalid') {
    return [
      warning(
        `The indexer ${id} of the shop is invalid.`,
        `Until it has been rebuilt, ${feeds} export what was true before.`,
        `bin/magento indexer:reindex ${id}`,
      ),
    ];
  }
  if ((minutes ?? 0) <= STUCK_MINUTES) return [];
  return [
    problem(
      `The indexer ${id} of the shop has been “${status}” for ${minutes ?? 0} minutes.`,
      `It has most likely died, and ${feeds} export what was true before.`,
      `bin/magento indexer:reset ${id} && bin/magento indexer:reindex ${id}`,
    ),
  ];
}

function viewFinding({ id, status, minutes }: State): Finding[] {
  if ((minutes ?? 0) <= STUCK_MINUTES) return [];
  return [
    problem(
      `The view ${id} of the shop has been “${status}” for ${minutes ?? 0} minutes.`,
      `Its indexer takes in no changes any more, and ${READ_INDEXERS[id] ?? ''} export what was true before.`,
      `bin/magento indexer:reset ${id}`,
    ),
  ];
}
