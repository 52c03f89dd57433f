import { expect, test } from 'vitest';

import { MODULES } from '../commerce/modules.js';
import { isAvailable, unavailability } from './availability.js';
import { inventoryStockStatus } from './inventory-stock-status/feed.js';
import { prices } from './prices/feed.js';
import { productOverrides } from './product-overrides/feed.js';

const all = { hasTable: () => true, isModuleOff: () => false };

test('a feed is available where its tables are there and its module is not off', () => {
  expect(isAvailable(all, inventoryStockStatus)).toBe(true);
  expect(isAvailable({ hasTable: () => false, isModuleOff: () => true }, prices)).toBe(true);
});

test('the tables that are missing are named', () => {
  const without = { ...all, hasTable: (table: string) => table === 'inventory_stock' };
  expect(unavailability(without, inventoryStockStatus)).toBe(
    'The feed inventoryStockStatus is not available in this shop: there is no table inventory_source_item, inventory_reservation.',
  );
  expect(unavailability(without, productOverrides)).toContain(
    'there is no table magento_catalogpermissions_index_product',
  );
});

test('the module that is off is named, also where its tables are still there', () => {
  const off = { ...all, isModuleOff: (module: string) => module === MODULES.inventory };
  expect(unavailability(off, inventoryStockStatus)).toBe(
    'The feed inventoryStockStatus is not available in this shop: the module Magento_InventoryIndexer is switched off.',
  );
  expect(isAvailable(off, productOverrides)).toBe(true);
});
