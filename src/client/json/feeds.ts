import { Type } from 'typebox';

import { ITEM_STATES } from '../../store/item-list.js';
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

const entityId = Type.Integer({ minimum: 0, description: 'id of the source entity in Commerce' });
const requestId = nullable(text('of the request whose answer it was'));

const status = exactly({
  feed: feedName,
  available: yes('false where this edition of Commerce lacks the feed’s tables'),
  sourceRecords: count('source entities that a full sync covers'),
  accepted: count('items the service has'),
  failed: count('items refused or not collectable, until their content changes'),
  retry: count('items to be sent again'),
  waiting: count('items never answered'),
  deleted: count('deletions that the service knows of'),
  quarantined: count('items that the service keeps refusing'),
  heldDeletions: count('deletions that are held, see `deletions list`'),
  backlog: count('entities with changes that are not settled'),
  unreadChanges: count('noted changes of the shop that nobody took yet, of whatever feed'),
  lagSeconds: seconds('age of the oldest change of both kinds; 0 where none waits'),
  running: nullable(text('the operation at work')),
  runningSince: nullable(text()),
  phase: nullable(text('what it does now')),
  paused: nullable(exactly({ by: nullable(text()), reason: nullable(text()) })),
  waitsFor: nullable(text('why it sends nothing just now')),
  lastRun: nullable(
    exactly({
      runId: Type.Integer({ minimum: 1, description: 'as `history <run>` takes it' }),
      operation: text(),
      at: text('when it ended'),
      outcome: text(),
      sentence: text(),
    }),
  ),
  schedules: nullable(
    Type.Array(
      exactly({
        name: text('as `schedules pause --schedule` takes it'),
        state: oneOf(['on', 'paused', 'missing', 'not as declared']),
        note: nullable(text('why it is paused, and by whom')),
        next: nullable(time('the next start, RFC 3339')),
      }),
      {
        description:
          'those that start its operations; null where the Temporal server does not answer',
      },
    ),
  ),
});

const listedItem = exactly({
  feedId,
  sourceId: entityId,
  state: oneOf(ITEM_STATES),
  status: Type.Integer({ description: 'HTTP status of the answer, or a code of the feed table' }),
  error: nullable(text('what is wrong with it')),
  requestId,
  attempts: count(),
  nextTryAt: nullable(time('when it is sent again')),
  firstFailedAt: nullable(time('when it failed first')),
  modifiedAt: time('when its state last changed'),
  stored: nullable(item('what is kept of the item; personal data of orders are masked')),
});

const quarantinedItem = exactly({
  feed: feedName,
  feedId,
  sourceId: entityId,
  state: oneOf(['quarantined', 'ignored']),
  refusals: count('times that this content was refused'),
  httpStatus: nullable(Type.Integer()),
  requestId,
  answer: nullable(text('what the service said about it')),
  payload: nullable(
    item('the item as it was sent; personal data of orders are masked; null where it was removed'),
  ),
  firstRefusedAt: time('when it was refused first'),
  lastRefusedAt: time('when it was refused last'),
});

const heldDeletions = exactly({
  feed: feedName,
  items: count('deletions that are held'),
  runId: Type.Integer({ minimum: 0, description: 'the run that held them, see `history`' }),
  heldAt: time('since when'),
  releasedAt: nullable(time('when somebody released them; null: nobody has')),
  first: Type.Array(item('the item as it was last sent; personal data of orders are masked'), {
    description: 'the first `--limit` of them',
  }),
});

/** The commands that tell of feeds and their items. */
export const FEEDS: readonly JsonDocument[] = [
  {
    command: 'feeds',
    forms: [
      {
        schema: Type.Array(
          exactly({
            feed: feedName,
            mode: oneOf(['immediate', 'legacy']),
            summary: text('what its items are'),
            identity: Type.Array(Type.String(), { description: 'fields that tell items apart' }),
            batchSize: count('items in a request'),
            table: text('its feed table, without prefix'),
          }),
        ),
      },
    ],
  },
  {
    command: 'status',
    forms: [
      { when: 'once; with `--watch` again and again, a line each', schema: Type.Array(status) },
    ],
  },
  { command: 'items', forms: [{ schema: Type.Array(listedItem) }] },
  { command: 'quarantine list', forms: [{ schema: Type.Array(quarantinedItem) }] },
  {
    command: 'quarantine replay',
    forms: [{ schema: exactly({ feed: feedName, replayed: count('items that are queued') }) }],
  },
  {
    command: 'quarantine ignore',
    forms: [{ schema: exactly({ feed: feedName, ignored: count('items off the list') }) }],
  },
  { command: 'deletions list', forms: [{ schema: Type.Array(heldDeletions) }] },
  {
    command: 'deletions release',
    forms: [{ schema: exactly({ feed: feedName, released: count('deletions') }) }],
  },
  {
    command: 'deletions drop',
    forms: [{ schema: exactly({ feed: feedName, dropped: count('deletions') }) }],
  },
];
