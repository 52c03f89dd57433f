import { describe, expect, test } from 'vitest';

import { ruleDates } from './rule-dates.js';

const dateIn = (timeZone: string | null, now: string): string | undefined =>
  ruleDates([{ id: 1, code: 'base', timeZone }])
    .on(new Date(now))
    .get(1);

describe('the date of rule prices', () => {
  test.each([
    ['UTC', '2026-11-21T23:59:59Z', '2026-11-21'],
    ['UTC', '2026-11-22T00:00:00Z', '2026-11-22'],
    ['Europe/Berlin', '2026-11-21T22:59:59Z', '2026-11-21'],
    ['Europe/Berlin', '2026-11-21T23:00:00Z', '2026-11-22'],
    // Summer time.
    ['Europe/Berlin', '2026-07-21T22:00:00Z', '2026-07-22'],
    ['America/Los_Angeles', '2026-11-22T07:59:59Z', '2026-11-21'],
    ['America/Los_Angeles', '2027-01-01T08:00:00Z', '2027-01-01'],
    ['Pacific/Kiritimati', '2026-12-31T10:00:00Z', '2027-01-01'],
    ['Asia/Kolkata', '2026-11-21T18:30:00Z', '2026-11-22'],
    // Names of before, which shops still have.
    ['US/Pacific', '2026-03-01T07:59:59Z', '2026-02-28'],
  ])('is, in %s at %s, %s', (timeZone, now, date) => {
    expect(dateIn(timeZone, now)).toBe(date);
  });

  test('is each website’s own', () => {
    const dates = ruleDates([
      { id: 1, code: 'base', timeZone: 'UTC' },
      { id: 2, code: 'eu', timeZone: 'Europe/Berlin' },
      { id: 5, code: 'at', timeZone: 'Europe/Berlin' },
    ]);
    expect([...dates.on(new Date('2026-11-21T23:38:21Z'))]).toEqual([
      [1, '2026-11-21'],
      [2, '2026-11-22'],
      [5, '2026-11-22'],
    ]);
    expect(dates.warnings).toEqual([]);
  });

  test.each([['Mars/Olympus'], [''], [null]])(
    'is that of UTC where the time zone is “%s”, with a warning',
    (timeZone) => {
      const dates = ruleDates([
        { id: 1, code: 'base', timeZone },
        { id: 2, code: 'eu', timeZone: 'Europe/Berlin' },
      ]);
      expect([...dates.on(new Date('2026-11-21T23:38:21Z')).values()]).toEqual([
        '2026-11-21',
        '2026-11-22',
      ]);
      expect(dates.warnings).toEqual([
        { code: 'CDE01-18', message: expect.stringContaining('“base”') as string },
      ]);
    },
  );
});
