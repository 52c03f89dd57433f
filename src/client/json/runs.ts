import { Type } from 'typebox';

import type { COUNT_NAMES } from '../../feeds/counts.js';
import { RECORDED_OUTCOMES } from '../../store/runs.js';
import {
  count,
  exactly,
  feedName,
  nullable,
  oneOf,
  seconds,
  text,
  time,
  yes,
  type JsonDocument,
  type JsonForm,
} from './document.js';

const counts = Type.Object(
  {
    processed: count('source entities looked at'),
    collected: count('items they yielded'),
    sent: count('items put into requests, deletions included'),
    unchanged: count('items that the service has already'),
    accepted: count('items the service took'),
    rejected: count('items the service refused until their content changes'),
    failed: count('items that could not be collected, or are to be sent again'),
    deleted: count('deletions among the accepted items'),
    requests: count(),
    held: count('deletions that wait for a person'),
    retries: count('requests that repeat an earlier one'),
    waited: count('milliseconds of waiting for the service, of all segments'),
  } satisfies Record<(typeof COUNT_NAMES)[number], unknown>,
  { additionalProperties: false, description: 'what the run did, in numbers' },
);

const OUTCOMES = [
  'completed',
  'completed with failures',
  'cancelled',
  'failed',
  'not available',
] as const;

const feedResult = exactly({
  outcome: oneOf(OUTCOMES),
  counts,
  sentence: text('what happened'),
  tooLate: Type.Optional(
    Type.Array(Type.String(), {
      description: 'what people told it by signal when it was ending already',
    }),
  ),
});

const byFeed = Type.Record(Type.String(), feedResult, {
  description: 'by name of the feed, how its run ended',
});

const launched = {
  started: Type.Array(feedName, { description: 'feeds whose run it started' }),
  handedOver: Type.Array(feedName, {
    description: 'feeds left to a run that works on them already',
  }),
  settled: byFeed,
};

const detached: JsonForm = {
  when: 'with `--detach`',
  schema: exactly({ workflowId: text() }),
};

const run = exactly({
  run: Type.Integer({ minimum: 1, description: 'number of the run, as `history <run>` takes it' }),
  feed: feedName,
  operation: text(),
  outcome: oneOf([...RECORDED_OUTCOMES, 'running']),
  startedAt: time('RFC 3339'),
  endedAt: nullable(time('RFC 3339; null while it runs')),
  durationSeconds: seconds('until now, while it runs'),
  requestedBy: nullable(text('who asked for it')),
  reason: nullable(text('why')),
  trigger: text('what launched it: the workflow type'),
  launchedBy: nullable(text('ID of the workflow that launched it')),
  workflowId: text(),
  workflowRunId: text(),
  options: Type.Record(Type.String(), Type.Unknown(), {
    description: 'the options of the run that are not at their default',
  }),
  codeVersion: text(),
  contractVersion: Type.Integer(),
  counts,
  sentence: nullable(text('what happened; null while it runs')),
});

const steered: readonly JsonForm[] = [
  {
    schema: Type.Array(
      exactly({
        what: text('name of a feed, or ID of a schedule'),
        answer: text('what became of it'),
        done: yes('false where nothing of the kind is there, or it refused'),
      }),
    ),
  },
];

/** The commands that start runs, stop them, and tell of them. */
export const RUNS: readonly JsonDocument[] = [
  {
    command: 'resync',
    forms: [
      {
        when: 'at the end',
        schema: exactly({ outcome: oneOf(OUTCOMES, 'the worst of all feeds'), feeds: byFeed }),
      },
      detached,
    ],
  },
  {
    command: 'sync',
    forms: [
      {
        when: 'at the end',
        schema: exactly({
          ...launched,
          changes: count('changed rows of the shop that were taken'),
          fullSyncs: Type.Record(Type.String(), Type.String(), {
            description: 'by name of the feed, why a full sync was started',
          }),
        }),
      },
      detached,
    ],
  },
  {
    command: 'retry',
    forms: [{ when: 'at the end', schema: exactly(launched) }, detached],
  },
  { command: 'pause', forms: steered },
  { command: 'resume', forms: steered },
  { command: 'cancel', forms: steered },
  {
    command: 'history',
    forms: [
      { when: 'with the number of a run', schema: run },
      { when: 'else, the newest run first', schema: Type.Array(run) },
    ],
  },
];
