import { expect, test } from 'vitest';

import type { Patient } from './finding.js';
import { captureCheck, scheduleCheck, searchAttributeCheck } from './seams.js';

/** The checks only look whether there is something to look at. */
const patient = {
  shop: {},
  temporal: {},
  configuration: { commerce: { capture: 'triggers' } },
} as unknown as Patient;

test('a gap of change capture is a problem, anything else of it a warning', async () => {
  const check = captureCheck(() =>
    Promise.resolve([
      { message: 'A trigger is missing.', cure: 'install', gap: true },
      { message: 'A trigger is not needed.', cure: 'install', gap: false },
    ]),
  );
  expect((await check.run(patient)).map(({ level }) => level)).toEqual(['problem', 'warning']);
  expect((await captureCheck(() => Promise.resolve([])).run(patient))[0]?.level).toBe('ok');
});

test('schedules that are missing, paused or altered are told', async () => {
  const plan = [
    { id: 'a', action: 'create', paused: null },
    { id: 'b', action: 'keep', paused: { note: 'holidays' } },
    { id: 'c', action: 'update', paused: null },
    { id: 'd', action: 'keep', paused: null },
    { id: 'e', action: 'off', paused: null },
  ] as const;
  const findings = await scheduleCheck(() => Promise.resolve(plan)).run(patient);
  expect(findings.map(({ level, what }) => [level, what])).toEqual([
    ['problem', 'The schedule a is missing.'],
    ['warning', 'The schedule b is paused (holidays).'],
    ['warning', 'The schedule c is not as declared.'],
  ]);
});

test('search attributes that are missing or of another type are problems', async () => {
  const look = () =>
    Promise.resolve({
      readable: true,
      missing: ['SaasExportFeed'],
      conflicting: [{ name: 'SaasExportOutcome', expected: 'Keyword', found: 'Text' }],
    });
  const findings = await searchAttributeCheck(look).run(patient);
  expect(findings.map(({ level }) => level)).toEqual(['problem', 'problem']);
});
