import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterEach, expect, test } from 'vitest';

import { ReferenceFolder } from './reference-folder.js';

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true });
});

/** A folder with files by path; JSON is made of what is no text, lists become lines. */
function folderOf(files: Readonly<Record<string, unknown>>): string {
  const path = mkdtempSync(join(tmpdir(), 'reference-folder-'));
  made.push(path);
  for (const [name, content] of Object.entries(files)) {
    const text = Array.isArray(content)
      ? content.map((line) => `${JSON.stringify(line)}\n`).join('')
      : JSON.stringify(content);
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), name.endsWith('.gz') ? gzipSync(text) : text);
  }
  return path;
}

const dump = { 'commerce.sql.gz': '' };
const price = {
  sku: 'a',
  websiteCode: 'base',
  customerGroupCode: '0',
  tierPrices: [
    { qty: 2, price: 6 },
    { qty: 5, price: 0 },
  ],
  updatedAt: '2026-11-21T22:40:09+00:00',
};

test('a folder without a dump is no reference folder', () => {
  expect(() => new ReferenceFolder(folderOf({}))).toThrow(
    expect.objectContaining({
      code: 'SDE10-03',
      message: expect.stringContaining('commerce.sql.gz') as string,
    }),
  );
});

test('a feed has the items of its file, and none where there is no file', () => {
  const path = folderOf({
    ...dump,
    'golden/scopesWebsite.jsonl.gz': [{ websiteId: '1' }, { websiteId: '2' }],
  });
  const folder = new ReferenceFolder(path);
  expect(folder.dump).toBe(join(path, 'commerce.sql.gz'));
  expect(folder.golden('scopesWebsite')).toEqual([{ websiteId: '1' }, { websiteId: '2' }]);
  expect(folder.golden('orders')).toBeUndefined();
});

test('known mistakes of the reference are corrected at their path, others left alone', () => {
  const folder = new ReferenceFolder(
    folderOf({
      ...dump,
      'golden/prices.jsonl.gz': [price, { ...price, sku: 'b' }],
      'golden/orders.jsonl.gz': [{ commerceOrderId: '4', invoices: [{ createdAt: 'wrong' }] }],
      'corrections.json': {
        prices: { 'a · base · 0': { 'tierPrices.1': { qty: 5, percentage: 15 } } },
        orders: { '4': { 'invoices.0.createdAt': 'right' } },
      },
    }),
  );
  expect(folder.golden('prices')).toEqual([
    { ...price, tierPrices: [price.tierPrices[0], { qty: 5, percentage: 15 }] },
    { ...price, sku: 'b' },
  ]);
  expect(folder.golden('orders')).toEqual([
    { commerceOrderId: '4', invoices: [{ createdAt: 'right' }] },
  ]);
});

test('the export’s time is that of its first price', () => {
  const files = {
    ...dump,
    'golden/prices.jsonl.gz': [price, { ...price, updatedAt: '2026-11-21T22:40:07+00:00' }],
  };
  expect(new ReferenceFolder(folderOf(files)).exportedAt()).toEqual(
    new Date('2026-11-21T22:40:07Z'),
  );
  expect(new ReferenceFolder(folderOf(dump)).exportedAt()).toBeUndefined();
});
