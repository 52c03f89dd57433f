import { TEXT_KEY_LENGTH } from './source.js';
import type { ShopPlace } from './sql.js';
import { named } from './shop-tables.js';

/** Without table prefix. */
export const CHANGELOG = 'saas_export_changelog';

/**
 * A row that nobody reads or takes off the changelog: where it is gone, others have emptied the
 * table, by TRUNCATE or DELETE. Its number is one that no change is given, and sets off those of the
 * changes after it, so that no row is in its way when it has to be made again.
 */
export const MARKER = { id: 2 ** 40, source: 0 } as const;

/** The changelog's name in SQL, without schema: where the shop's dump is loaded, it is that one. */
export function changelogTable(place: ShopPlace): string {
  return named(place, CHANGELOG);
}

/**
 * The table that all triggers append to: no key but the primary one, every column of fixed place.
 * A TIMESTAMP, because that is UTC in whatever time zone the shop's session is.
 */
export function createChangelog(place: ShopPlace): string {
  return `CREATE TABLE IF NOT EXISTS ${changelogTable(place)} (
  \`id\` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  \`source\` BIGINT UNSIGNED NOT NULL,
  \`key1\` BIGINT NULL,
  \`key2\` BIGINT NULL,
  \`key3\` BIGINT NULL,
  \`text_key\` VARCHAR(${TEXT_KEY_LENGTH}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  \`changed_at\` TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='Changes for SaaS Data Export'`;
}

/** Columns that triggers and readers rely on. */
export const CHANGELOG_COLUMNS = [
  'id',
  'source',
  'key1',
  'key2',
  'key3',
  'text_key',
  'changed_at',
] as const;
