import { describe, expect, it } from 'vitest';

import { readTables } from './notation.js';
import { shopTables } from './shop-schema.js';
import { addKeys, createTable } from './table.js';

const example = `
parent
  id int u auto
  code varchar(32) !
  primary id

child
  {link} int u = 0
  first_price, second_price,
    third_price money
  kind varchar(8) = 'plain'
  note varchar(9) ?= ''
  at touched
  primary {link}
  unique kind, note
  key note
  cascade {link} -> @parent

child_twin like child
`;
const tables = readTables(example, { '{link}': 'row_id', '@parent': 'parent.id' });

describe('the table notation', () => {
  it('reads columns, keys and references', () => {
    expect(createTable(tables[1]!, { prefix: 'p_', keysLater: false })).toBe(
      [
        'CREATE TABLE `p_child` (',
        '`row_id` int unsigned NOT NULL DEFAULT 0,',
        '`first_price` decimal(20,4) NULL,',
        '`second_price` decimal(20,4) NULL,',
        '`third_price` decimal(20,4) NULL,',
        "`kind` varchar(8) NOT NULL DEFAULT 'plain',",
        "`note` varchar(9) NULL DEFAULT '',",
        '`at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,',
        'PRIMARY KEY (`row_id`),',
        'UNIQUE KEY `P_CHILD_KIND_NOTE` (`kind`, `note`),',
        'KEY `P_CHILD_NOTE` (`note`),',
        'FOREIGN KEY (`row_id`) REFERENCES `p_parent` (`id`) ON DELETE CASCADE',
        ') ENGINE=InnoDB DEFAULT CHARSET=utf8mb3',
      ].join('\n'),
    );
  });

  it('leaves keys for later, except the primary one', () => {
    const now = createTable(tables[1]!, { prefix: '', keysLater: true });
    expect(now).toContain('PRIMARY KEY');
    expect(now).not.toContain('UNIQUE KEY');
    expect(addKeys(tables[1]!, '')).toBe(
      'ALTER TABLE `child` ADD UNIQUE KEY `CHILD_KIND_NOTE` (`kind`, `note`), ' +
        'ADD KEY `CHILD_NOTE` (`note`), ' +
        'ADD FOREIGN KEY (`row_id`) REFERENCES `parent` (`id`) ON DELETE CASCADE',
    );
    expect(addKeys(tables[0]!, '')).toBeUndefined();
  });

  it('copies a table without its references', () => {
    expect(tables[2]).toEqual({ ...tables[1], name: 'child_twin', foreignKeys: [] });
  });

  it('hashes names of keys that are too long', () => {
    const columns = Array.from({ length: 9 }, (_, at) => `some_long_column_${at}`).join(', ');
    const [table] = readTables(`t\n  ${columns} int !\n  unique ${columns}`);
    expect(createTable(table!, { prefix: '', keysLater: false })).toMatch(/`UNQ_[0-9A-F]{32}`/);
  });

  it.each([
    ['t\n  id whole number', /No column/],
    ['t\n  id int\n  cascade id = other.id', /No foreign key/],
    ['t like other', /not yet read/],
    ['t\n  {unknown} int', /No table notation is known for \{unknown\}/],
  ])('refuses %j', (text, message) => {
    expect(() => readTables(text)).toThrow(message);
  });
});

describe.each(['open-source', 'commerce'] as const)('the %s shop', (edition) => {
  const shop = shopTables(edition, { storeIds: [1, 2], stockIds: [1, 2] });
  const byName = new Map(shop.map((table) => [table.name, table]));

  it('names each table once', () => {
    expect(byName.size).toBe(shop.length);
  });

  it('refers to first columns of keys that exist', () => {
    for (const { foreignKeys, name, columns } of shop) {
      for (const { column, table, references } of foreignKeys) {
        const keys = byName.get(table)?.keys.map((key) => key.columns[0]) ?? [];
        expect(keys, `${name}.${column}`).toContain(references);
        expect(columns.map((each) => each.name)).toContain(column);
      }
    }
  });

  it('has an index per store view and per stock but the default one', () => {
    expect(byName.has('catalog_category_product_index_store2')).toBe(true);
    expect(byName.has('inventory_stock_2')).toBe(true);
    expect(byName.has('inventory_stock_1')).toBe(false);
  });
});
