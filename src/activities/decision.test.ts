import { describe, expect, test } from 'vitest';

import type { StateRow } from '../store/state-rows.js';
import { decide, type DecisionRules } from './decision.js';

const item = { sourceId: 5, hash: 'h' };
const row: StateRow = {
  id: 1,
  feedId: 'f',
  sourceId: 5,
  hash: 'h',
  hashVersion: 1001,
  status: 200,
  isDeleted: false,
  isMissing: false,
  collectedSeq: 10,
};
const rules: DecisionRules = {
  force: false,
  firstSeq: 100,
  hashVersion: 1001,
  covers: (sourceId) => sourceId === 5,
};

describe('a collected item', () => {
  test('without a row is sent', () => {
    expect(decide(item, undefined, rules)).toBe('send');
  });

  test.each([200, 400, 1])('with the same content and status %i is left', (status) => {
    expect(decide(item, { ...row, status }, rules)).toBe('unchanged');
  });

  test.each([0, 2, -1, 403, 429, 500])('with the same content and status %i is sent', (status) => {
    expect(decide(item, { ...row, status }, rules)).toBe('send');
  });

  test.each<[string, Partial<StateRow>]>([
    ['with other content', { hash: 'other' }],
    ['hashed by another recipe', { hashVersion: 1002 }],
    ['that was deleted', { isDeleted: true, hash: '' }],
  ])('%s is sent', (_, change) => {
    expect(decide(item, { ...row, ...change }, rules)).toBe('send');
  });

  test('is sent by force, and once only in a run', () => {
    const forced = { ...rules, force: true };
    expect(decide(item, row, forced)).toBe('send');
    expect(decide(item, { ...row, collectedSeq: 100 }, forced)).toBe('unchanged');
    expect(decide(item, { ...row, collectedSeq: 100, status: 2 }, forced)).toBe('send');
  });

  test('taken for missing is noted as present', () => {
    expect(decide(item, { ...row, isMissing: true }, rules)).toBe('present');
  });

  test('belongs to the higher source id, unless that one yields it no more', () => {
    const owned = { ...row, sourceId: 9 };
    expect(decide(item, owned, rules)).toBe('rival');
    expect(decide(item, { ...owned, isMissing: true }, rules)).toBe('present');
    // The page holds entity 9 as well, and it came out under another identity.
    expect(decide(item, owned, { ...rules, covers: () => true })).toBe('present');
    expect(decide({ ...item, sourceId: 12 }, owned, rules)).toBe('present');
  });
});
