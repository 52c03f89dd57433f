import { describe, expect, test } from 'vitest';

import { backoff, waitFor, type Wait } from './waiting.js';

describe('the wait between two tries', () => {
  const ceilings = (random: number): number[] =>
    [1, 2, 3, 4, 5, 6, 7, 1000].map((failures) =>
      backoff(failures, { base: 500, longest: 20_000, random: () => random }),
    );

  test('has a ceiling that doubles with each failure, up to the longest', () => {
    expect(ceilings(1)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
  });

  test('is any part of it, so that those who failed together do not come back together', () => {
    expect(ceilings(0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(ceilings(0.5)).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });
});

describe('a wait', () => {
  test('is told only where people may notice it', async () => {
    const waits: (Wait | undefined)[] = [];
    const signal = new AbortController().signal;
    const onWait = (wait: Wait | undefined): void => void waits.push(wait);
    await waitFor(1, { reason: 'short', signal, onWait });
    await waitFor(1, { reason: 'part of a long one', signal, onWait, expected: 2000 });
    expect(waits.map((wait) => wait?.reason)).toEqual(['part of a long one']);
  });

  test('ends with the reason when it is told to stop, also before it begins', async () => {
    const stop = new AbortController();
    const waiting = waitFor(3_600_000, { reason: 'long', signal: stop.signal });
    stop.abort(new Error('told to stop'));
    await expect(waiting).rejects.toThrow('told to stop');
    const late = waitFor(3_600_000, { reason: 'long', signal: stop.signal });
    await expect(late).rejects.toThrow('told to stop');
  });
});
