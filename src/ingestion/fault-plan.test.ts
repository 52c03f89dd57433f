import { pino } from 'pino';
import { describe, expect, test } from 'vitest';

import { FaultPlan, parseFaultPlan } from './fault-plan.js';
import { startIngestion } from './start.js';

describe('a fault plan', () => {
  test('lets requests N to M fail, and no others', () => {
    const plan = new FaultPlan([
      { from: 2, to: 3, status: 503 },
      { from: 4, status: 500 },
      { from: 6, to: null, status: 502 },
    ]);
    const seen = Array.from({ length: 8 }, () => plan.next(['prices'])?.status);
    expect(seen).toEqual([undefined, 503, 503, 500, undefined, 502, 502, 502]);
  });

  test('counts the requests of one feed, if it names one', () => {
    const plan = new FaultPlan([{ from: 2, feed: 'prices', status: 503 }]);
    expect(plan.next(['prices'])).toBeUndefined();
    expect(plan.next(['products'])).toBeUndefined();
    expect(plan.next(['scopesWebsite', 'scopesCustomerGroup'])).toBeUndefined();
    expect(plan.next(['prices'])?.status).toBe(503);
  });

  test('begins to count anew when it is changed', () => {
    const plan = new FaultPlan([{ from: 1, status: 500 }]);
    plan.next(['prices']);
    plan.set([{ from: 1, status: 501 }]);
    expect(plan.next(['prices'])?.status).toBe(501);
  });

  test('is read from JSON or YAML', () => {
    expect(parseFaultPlan('[{"from": 1, "to": 2, "status": 503}]')).toEqual([
      { from: 1, to: 2, status: 503 },
    ]);
    expect(parseFaultPlan('- from: 1\n  drop: after-reading\n')).toEqual([
      { from: 1, drop: 'after-reading' },
    ]);
  });

  test.each([
    '{',
    '{}',
    '[{}]',
    '[{"from":0}]',
    '[{"from":2,"to":1}]',
    '[{"from":1,"feed":"none"}]',
    '[{"from":1,"drop":"sometimes"}]',
    '[{"from":1,"status":99}]',
    '[{"from":1,"more":1}]',
    '[{"from":1,"headers":{"a b":"c"}}]',
  ])('like %s is a mistake in the configuration', (text) => {
    expect(() => parseFaultPlan(text)).toThrow(expect.objectContaining({ code: 'SDE10-01' }));
  });

  test('is refused in production, before anything else', async () => {
    const started = startIngestion({
      databaseUrl: 'mysql://root@127.0.0.1:1/none',
      port: 0,
      apiKeys: ['a'],
      clock: () => new Date(),
      logger: pino({ level: 'silent' }),
      faults: [],
      production: true,
    });
    await expect(started).rejects.toMatchObject({ code: 'SDE60-02' });
  });
});
