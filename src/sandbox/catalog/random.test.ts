import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Random } from './random.js';

function draws(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.next());
}

describe('Random', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    expect(draws(new Random(7), 20)).toEqual(draws(new Random(7), 20));
    expect(draws(new Random(7), 20)).not.toEqual(draws(new Random(8), 20));
  });

  it('gives every subject and id numbers of their own', () => {
    const first = [1, 2, 3].flatMap((id) =>
      ['product', 'media'].map((subject) => Random.for(1, subject, id).next()),
    );
    expect(new Set(first).size).toBe(6);
  });

  it('spreads the first draw of neighbouring ids evenly', () => {
    const counts = [0, 0, 0, 0];
    for (let id = 0; id < 4000; id += 1) {
      const quarter = Math.floor(Random.for(1, 'plan', id).next() * 4);
      counts[quarter] = (counts[quarter] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(850);
  });

  it('stays within the bounds of whole numbers', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: -9, max: 9 }),
        fc.nat(20),
        (seed, least, more) => {
          const drawn = new Random(seed).whole(least, least + more);
          expect(drawn).toBeGreaterThanOrEqual(least);
          expect(drawn).toBeLessThanOrEqual(least + more);
        },
      ),
    );
  });

  it('takes exactly as many different elements as asked for, in their order', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(12), (seed, count) => {
        const some = new Random(seed).some([1, 2, 3, 4, 5, 6, 7, 8], count);
        expect(some).toHaveLength(Math.min(count, 8));
        expect(some).toEqual([...new Set(some)].sort((a, b) => a - b));
      }),
    );
  });

  it('makes version 4 UUIDs', () => {
    expect(new Random(1).uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});
