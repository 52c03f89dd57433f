import { describe, expect, test } from 'vitest';

import type { EntityExplanation, ItemExplanation, SentItem } from './explanation.js';
import { overallSentence, sentenceOf, verdictOf, VERDICTS } from './reason.js';

const now: ItemExplanation['now'] = { hash: 'aaaa', item: { sku: 'A' } };
const accepted: SentItem = {
  entityId: 7,
  hash: 'aaaa',
  recipeIsCurrent: true,
  status: 200,
  word: 'sent',
  error: null,
  requestId: 'r-1',
  stamp: '2026-11-22 08:00:00',
  deleted: false,
  deletionWaits: false,
  deletionHeld: false,
  attempts: 0,
  nextTryAt: null,
  firstFailedAt: null,
  keptWhole: false,
  kept: null,
};
const held: ItemExplanation['service'] = {
  state: 'held',
  stamp: '2026-11-22T08:00:00.000Z',
  receivedAt: '2026-11-22T08:00:01.000Z',
  requestId: 'r-1',
  payload: { sku: 'A' },
};
type Facts = Parameters<typeof verdictOf>[0];
const usual: Facts & { readonly feed: string } = {
  feed: 'products',
  entityId: 7,
  isPending: false,
  now,
  sent: accepted,
  service: held,
  quarantine: null,
  differences: [],
};

describe('an item is', () => {
  test.each<[string, Partial<Facts>]>([
    ['in the service', {}],
    ['accepted', { service: { state: 'unreadable', reason: 'no' } }],
    ['never sent', { sent: null, service: { state: 'absent' } }],
    ['waiting', { sent: { ...accepted, status: 0, hash: '' } }],
    ['changed', { now: { ...now, hash: 'bbbb' } }],
    ['changed', { sent: { ...accepted, recipeIsCurrent: false } }],
    ['changed', { sent: { ...accepted, deleted: true } }],
    ['refused', { sent: { ...accepted, status: 400 } }],
    ['changed', { sent: { ...accepted, status: 400 }, now: { ...now, hash: 'bbbb' } }],
    ['failed', { sent: { ...accepted, status: 1 } }],
    ['failed', { now: null, sent: { ...accepted, status: 1, hash: '' } }],
    ['to retry', { sent: { ...accepted, status: 2 } }],
    ['lost at the service', { service: { state: 'absent' } }],
    ['lost at the service', { service: { ...held, state: 'deleted' } }],
    ['other at the service', { differences: [{ path: 'name', now: 'A', service: 'B' }] }],
    ['in the service', { differences: [{ path: 'sku', now: 'A', sent: 'B' }] }],
    ['deleted', { now: null, sent: { ...accepted, deleted: true } }],
    ['deletion waits', { now: null, sent: { ...accepted, deletionWaits: true } }],
    ['not noticed as gone', { now: null }],
    ['owned by another entity', { sent: { ...accepted, entityId: 9 } }],
    [
      'deletion held',
      { now: null, sent: { ...accepted, deletionWaits: true, deletionHeld: true } },
    ],
    [
      'quarantined',
      {
        quarantine: {
          state: 'quarantined',
          since: '2026-11-22',
          refusals: 5,
          reason: 'price too long',
        },
      },
    ],
  ])('“%s” with %o', (verdict, facts) => {
    const all = { ...usual, ...facts };
    expect(verdictOf(all)).toBe(verdict);
    expect(sentenceOf(verdictOf(all), all)).toMatch(/^[A-Z].*[.\w]$/);
  });
});

test('every verdict has a sentence that tells a change that is noted from one that is not', () => {
  for (const verdict of VERDICTS) expect(sentenceOf(verdict, usual)).not.toContain('undefined');
  expect(sentenceOf('changed', usual)).toContain('No change is noted');
  expect(sentenceOf('changed', { ...usual, isPending: true })).toContain('next partial sync');
});

describe('the sentence of the whole', () => {
  const entity: EntityExplanation = {
    entityId: 7,
    source: { exists: true, covered: true, product: null },
    pending: null,
    failures: [],
    items: [],
  };
  const item: ItemExplanation = {
    feedId: 'f',
    identity: ['A', 'default'],
    verdict: 'in the service',
    sentence: 'It is in the service.',
    now,
    sent: accepted,
    service: held,
    quarantine: null,
    differences: [],
  };

  test.each<[string, EntityExplanation[], string]>([
    ['nothing is known', [], 'has no A'],
    [
      'it is outside of the window',
      [{ ...entity, source: { ...entity.source, covered: false } }],
      'outside',
    ],
    ['it yields nothing', [entity], 'yields no items'],
    [
      'it is in no website',
      [
        {
          ...entity,
          source: {
            ...entity.source,
            product: { sku: 'A', type: 'simple', websites: [], enabledIn: [], disabledIn: [] },
          },
        },
      ],
      'assigned to no website',
    ],
    [
      'it cannot be collected',
      [{ ...entity, failures: [{ code: 'CDE01-23', message: 'No SKU.' }] }],
      'CDE01-23 No SKU.',
    ],
    ['all is well', [{ ...entity, items: [item] }], 'It is in the service.'],
    [
      'one of two items is in trouble',
      [{ ...entity, items: [item, { ...item, verdict: 'refused', sentence: 'It was refused.' }] }],
      '1 of 2 items “refused”: It was refused.',
    ],
  ])('when %s', (_, entities, sentence) => {
    expect(overallSentence('products', 'A', entities)).toContain(sentence);
  });
});

test('what cannot be read is not claimed to be in the service', () => {
  const unread = {
    state: 'unreadable',
    reason: 'the service does not show what it holds',
  } as const;
  const sentence = sentenceOf('accepted', { ...usual, service: unread });
  expect(sentence).toBe(
    'It was sent and accepted as it is in the shop now (sent 2026-11-22 08:00:00 UTC); whether the service holds it cannot be seen (the service does not show what it holds).',
  );
  expect(sentenceOf('not noticed as gone', { ...usual, now: null, service: unread })).not.toContain(
    'the service',
  );
});
