import { expect, test } from 'vitest';

import { isCaptured } from './family.js';

test('a family of tables is told by its number', () => {
  const stocks = { table: 'inventory_stock_*' };
  expect(isCaptured(stocks, 'inventory_stock_2')).toBe(true);
  expect(isCaptured(stocks, 'inventory_stock_sales_channel')).toBe(false);
  expect(isCaptured(stocks, 'inventory_stock_2_replica')).toBe(false);
  expect(isCaptured({ table: 'inventory_stock' }, 'inventory_stock_2')).toBe(false);
});

test('a family may have any names but those of work tables', () => {
  const index = { table: 'index*', suffix: 'any' } as const;
  for (const table of ['index', 'index_2', 'index_group2', 'index_template']) {
    expect(isCaptured(index, table), table).toBe(true);
  }
  for (const end of [
    '_replica',
    '_2_replica',
    '_tmp',
    '_tmp_2',
    '_outdated',
    '_2__temp1a2b3c',
    '__old',
  ]) {
    expect(isCaptured(index, `index${end}`), end).toBe(false);
  }
});
