import { Type } from 'typebox';

import { DRIFTS } from '../../activities/verification/drift.js';
import { VERDICTS } from '../explain/reason.js';
import {
  count,
  exactly,
  feedId,
  feedName,
  item,
  nullable,
  oneOf,
  seconds,
  text,
  time,
  yes,
  type JsonDocument,
} from './document.js';

const entityId = Type.Integer({ minimum: 0 });
const codes = Type.Array(Type.String());

const explainedItem = exactly({
  feedId,
  identity: nullable(
    Type.Array(Type.String(), {
      description: 'values of the identity fields; null where nothing of the item is kept',
    }),
  ),
  verdict: oneOf(VERDICTS),
  sentence: text(),
  now: nullable(exactly({ hash: text(), item: item('as it would be sent') })),
  sent: nullable(
    exactly({
      entityId,
      hash: text('empty where nothing of the item counts as sent'),
      recipeIsCurrent: yes('the hash was made in today’s way; if not, the item is sent again'),
      status: Type.Integer(),
      word: text('`sent`, `waiting`, `retry`, `failed` or `refused`'),
      error: nullable(text()),
      requestId: nullable(text()),
      stamp: nullable(text()),
      deleted: yes(),
      deletionWaits: yes(),
      deletionHeld: yes('it is one of so many that a person has to approve them'),
      attempts: count(),
      nextTryAt: nullable(time('when it is sent again')),
      firstFailedAt: nullable(time('when it failed first')),
      keptWhole: yes('the whole item is kept; else the fields that tell which one it is'),
      kept: nullable(item('the fields that are kept of it')),
    }),
  ),
  service: Type.Union([
    exactly({ state: Type.Literal('unreadable'), reason: text('where it is `unreadable`') }),
    exactly({ state: Type.Literal('absent') }),
    exactly({
      state: oneOf(['held', 'deleted']),
      stamp: text('of `held` and `deleted` ones, as what follows'),
      receivedAt: text(),
      requestId: text(),
      payload: item('the item as the service has it'),
    }),
  ]),
  quarantine: nullable(
    exactly({
      state: oneOf(['quarantined', 'ignored']),
      since: text(),
      refusals: count('times that this content was refused'),
      reason: text('what the service said'),
    }),
  ),
  differences: Type.Array(
    exactly({
      path: text('the field'),
      now: Type.Optional(Type.Unknown()),
      sent: Type.Optional(Type.Unknown()),
      service: Type.Optional(Type.Unknown()),
    }),
  ),
});

const explanation = exactly({
  feed: feedName,
  asked: exactly({
    id: text(),
    readAs: text('how it was read: `sku`, `entityId`, `feedId`, `identity`, …'),
  }),
  available: yes('false where this edition of Commerce lacks the feed’s tables'),
  entities: Type.Array(
    exactly({
      entityId,
      source: exactly({
        exists: yes('the Commerce database has it'),
        covered: yes('a full sync covers it'),
        product: nullable(
          exactly({
            sku: text(),
            type: text(),
            websites: codes,
            enabledIn: codes,
            disabledIn: codes,
          }),
        ),
      }),
      pending: nullable(
        exactly({ entityId, changedAt: time('the oldest open change'), queuedSeq: count() }),
      ),
      failures: Type.Array(exactly({ code: text(), message: text() }), {
        description: 'what of it cannot be collected',
      }),
      items: Type.Array(explainedItem),
    }),
  ),
  sentence: text('why the thing is or is not in the service'),
});

const BOUNDS = ['request budget', 'collecting', 'nothing to do', 'unknown'] as const;
const duration = {
  requests: count(),
  sendSeconds: nullable(seconds('at the request budget; null without one')),
  collectSeconds: nullable(seconds('at the pace of earlier runs; null where none was measured')),
  seconds: nullable(seconds('the longer of both')),
  boundBy: oneOf(BOUNDS),
};

const estimate = exactly({
  requestsPerSecond: seconds('the request budget; 0: no limit'),
  feeds: Type.Array(
    exactly({
      feed: feedName,
      available: yes('false where this edition of Commerce lacks the feed’s tables'),
      records: count('items that a full sync sends'),
      formula: text('how they were counted'),
      batchSize: count('items in a request'),
      measured: nullable(
        exactly({
          runId: Type.Integer({ minimum: 1 }),
          itemsPerSecond: seconds(),
          at: time('when it ran'),
        }),
      ),
      ...duration,
    }),
  ),
  total: exactly({ records: count(), ...duration }),
});

const verification = exactly({
  drift: count('items that drifted, of all feeds'),
  finished: yes('false where it was stopped'),
  feeds: Type.Array(
    exactly({
      feed: feedName,
      service: exactly({
        readable: yes('the items of the service were compared too'),
        reason: Type.Optional(text('why not')),
      }),
      ranges: count('ranges of keys that were compared'),
      rangesWithDrift: count(),
      entities: count(),
      items: count('items that the shop yields'),
      heldItems: count('items that the service holds'),
      onTheirWay: count('items that are on their way: no drift'),
      drift: exactly({
        missing: count(),
        stale: count(),
        surplus: count(),
        lost: count(),
        different: count(),
        unknown: count(),
      } satisfies Record<(typeof DRIFTS)[number], unknown>),
      examples: Type.Array(exactly({ drift: oneOf(DRIFTS), feedId, entityId }), {
        description: 'the first of them, at most 20',
      }),
      queued: count('entities queued by `--fix`'),
      finished: yes(),
      takenOver: yes('another comparison of the feed goes on from here'),
      begunAnew: yes('an earlier comparison was left'),
    }),
  ),
});

const PARITY = ['different', 'missing', 'extra'] as const;

const parity = exactly({
  differences: count('items that are not the same, of all feeds'),
  feeds: Type.Array(
    exactly({
      feed: feedName,
      table: text('the module’s table, without prefix'),
      present: yes('false where there is no such table, or this edition has no such feed'),
      reference: count('items the module has sent'),
      items: count('items that we make'),
      equal: count(),
      different: count('items with other content'),
      missing: count('items that the module never sent'),
      extra: count('items that we do not make'),
      reasons: Type.Record(Type.String(), Type.Integer(), {
        description: 'by reason, the number of items',
      }),
      examples: Type.Array(
        exactly({
          kind: oneOf(PARITY),
          reason: text(),
          entityId,
          feedId,
          identity: Type.Array(Type.String()),
          fields: Type.Array(
            exactly({
              path: text('a field that differs'),
              reference: Type.Optional(Type.Unknown({ description: 'of the module' })),
              ours: Type.Optional(Type.Unknown()),
              documented: Type.Optional(text('heading in docs/differences.md, where it is meant')),
            }),
          ),
        }),
        { description: 'at most 100' },
      ),
    }),
  ),
});

/** The commands that compare the shop, what was sent, and the service. */
export const COMPARISONS: readonly JsonDocument[] = [
  { command: 'explain', forms: [{ schema: explanation }] },
  { command: 'estimate', forms: [{ schema: estimate }] },
  { command: 'verify', forms: [{ schema: verification }] },
  { command: 'parity-check', forms: [{ schema: parity }] },
];
