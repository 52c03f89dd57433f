import { describe, expect, test } from 'vitest';

import { parseStamp } from './stamp.js';

describe('a stamp', () => {
  test.each([
    ['2026-11-21 22:40:05', '2026-11-21T22:40:05.000Z'],
    ['2026-11-21T22:40:05+00:00', '2026-11-21T22:40:05.000Z'],
    ['2026-11-21T22:40:05Z', '2026-11-21T22:40:05.000Z'],
    ['2026-11-21t22:40:05z', '2026-11-21T22:40:05.000Z'],
    ['2026-11-21T23:40:05+01:00', '2026-11-21T22:40:05.000Z'],
    ['2026-11-21T22:40:05.123456Z', '2026-11-21T22:40:05.123Z'],
    ['2026-11-21 22:40:05.5', '2026-11-21T22:40:05.500Z'],
  ])('%s is %s', (stamp, time) => {
    expect(parseStamp(stamp)?.toISOString()).toBe(time);
  });

  test.each([
    '',
    'yesterday',
    '2026-11-21',
    '2026-13-21 22:40:05',
    '0000-00-00 00:00:00',
    '1795000000',
  ])('“%s” says no time', (stamp) => {
    expect(parseStamp(stamp)).toBeUndefined();
  });
});
