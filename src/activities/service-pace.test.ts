import { describe, expect, test } from 'vitest';

import { ServicePace } from './service-pace.js';

describe('a service', () => {
  test('is taken to be quick until a request takes long', () => {
    const pace = new ServicePace();
    expect(pace.isSlow('products', 0)).toBe(false);
    expect(pace.isSlow('products', 301)).toBe(true);
  });

  test('that was slow is slow for the next run as well, until it answers quickly', () => {
    const pace = new ServicePace();
    pace.answered('products', 2_000);
    expect(pace.isSlow('products', 0)).toBe(true);
    pace.answered('products', 20);
    expect(pace.isSlow('products', 0)).toBe(false);
  });

  test('may be slow with one feed only', () => {
    const pace = new ServicePace();
    pace.answered('products', 2_000);
    expect(pace.isSlow('prices', 0)).toBe(false);
  });
});
