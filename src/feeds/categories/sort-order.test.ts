import { describe, expect, test } from 'vitest';

import { availableSortOrders, defaultSortOrder } from './sort-order.js';

const SORTABLE = new Set(['position', 'name', 'price']);

describe('the default sort order', () => {
  test.each([
    ['price,bogus,name', 'position', 'price'],
    ['bogus', 'name', 'name'],
    ['position,name', 'price', 'position'],
    ['name,price', 'price', 'price'],
    ['name,price', '', 'name'],
    [null, 'price', 'price'],
    [null, 'bogus', 'position'],
    [null, null, 'position'],
    ['name', null, 'name'],
    [' name', 'name', 'name'],
  ])('of a category with %s available and %s wanted is %s', (available, wanted, order) => {
    expect(defaultSortOrder(wanted, availableSortOrders(available), SORTABLE)).toBe(order);
  });
});

test.each([
  [null, null],
  ['', null],
  ['0', null],
  ['position', ['position']],
  ['name, bogus,', ['name', ' bogus', '']],
])('available sort orders stored as %j are %j', (stored, orders) => {
  expect(availableSortOrders(stored)).toEqual(orders);
});
