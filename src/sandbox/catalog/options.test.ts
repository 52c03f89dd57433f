import { describe, expect, it } from 'vitest';

import { ExportError } from '../../errors/export-error.js';
import { catalogSettings } from './options.js';

describe('catalogSettings', () => {
  it('needs a number of products alone', () => {
    const settings = catalogSettings({ products: 10 });
    expect(settings).toMatchObject({
      websites: 2,
      storeViews: 4,
      seed: 1,
      edition: 'open-source',
      tablePrefix: '',
      baseUrl: 'http://shop.test/',
    });
    expect(settings.now.toISOString()).toBe('2026-06-15T12:00:00.000Z');
  });

  it('names every option that is out of range', () => {
    const attempt = (): unknown =>
      catalogSettings({
        products: 0,
        storeViews: 1.5,
        tablePrefix: 'a`b',
        baseUrl: 'shop.test',
        now: new Date(Number.NaN),
      });
    expect(attempt).toThrow(ExportError);
    expect(attempt).toThrow(/products.*storeViews.*tablePrefix.*baseUrl.*now/);
  });
});
