import { expect, test } from 'vitest';

import { captureFindings, changelogFindings } from './capture.js';
import { scheduleFindings } from './schedules.js';
import { searchAttributeFindings } from './search-attributes.js';

test('a gap of change capture is a problem that names few feeds, anything else of it a warning', () => {
  const found = captureFindings([
    { message: 'A trigger is missing.', cure: 'install', gap: true, tables: ['rating'] },
    { message: 'A trigger is not needed.', cure: 'install', gap: false, tables: [] },
  ]);
  expect(found.map(({ level }) => level)).toEqual(['problem', 'warning']);
  expect(found[0]?.why).toContain('for ratingMetadata');
  expect(captureFindings([])[0]?.level).toBe('ok');
});

test('many noted changes that nobody takes are told', () => {
  expect(changelogFindings(999)).toEqual([]);
  expect(changelogFindings(1000)[0]?.cure).toBe('saas-export sync');
});

test('schedules that are missing, paused or altered are told', () => {
  const findings = scheduleFindings([
    { id: 'a', action: 'create', paused: null },
    { id: 'b', action: 'keep', paused: { note: 'holidays' } },
    { id: 'c', action: 'update', paused: null },
    { id: 'd', action: 'keep', paused: null },
    { id: 'e', action: 'off', paused: null },
  ]);
  expect(findings.map(({ level, what }) => [level, what])).toEqual([
    ['problem', 'The schedule a is missing.'],
    ['warning', 'The schedule b is paused (holidays).'],
    ['warning', 'The schedule c is not as declared.'],
  ]);
});

test('search attributes that are missing or of another type are problems, with the command', () => {
  const findings = searchAttributeFindings('shop', {
    readable: true,
    missing: ['SaasExportFeed'],
    conflicting: [{ name: 'SaasExportOutcome', expected: 'Keyword', found: 'Text' }],
  });
  expect(findings.map(({ level }) => level)).toEqual(['problem', 'problem']);
  expect(findings[1]?.cure).toContain('--name SaasExportFeed --type Keyword');
});

test('search attributes that may not be read are skipped', () => {
  const unreadable = { readable: false, missing: [], conflicting: [] };
  expect(searchAttributeFindings('shop', unreadable)[0]?.level).toBe('skipped');
});
