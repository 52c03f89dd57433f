import { Type } from 'typebox';

import {
  count,
  exactly,
  feedName,
  nullable,
  oneOf,
  text,
  time,
  yes,
  type JsonDocument,
} from './document.js';

const planned = Type.Array(
  exactly({
    id: text('of the schedule'),
    description: text('what it does, or why it is off'),
    action: oneOf(
      ['create', 'update', 'remove', 'keep', 'off'],
      'what `apply` does or did; `off`: neither declared nor there',
    ),
    times: text('when it starts its workflow; empty where it is off'),
    differences: Type.Array(exactly({ field: text(), declared: text(), server: text() })),
    paused: nullable(exactly({ note: text('why, and by whom') })),
    next: nullable(time('the next start, RFC 3339')),
  }),
);

const changed = Type.Array(
  exactly({
    id: text('of the schedule'),
    change: oneOf(['paused', 'resumed', 'was paused already', 'was not paused']),
    note: text('why it is or was paused, and by whom'),
  }),
);

/** The commands for schedules, configuration, alerts, and the health of it all. */
export const OPERATION: readonly JsonDocument[] = [
  { command: 'schedules plan', forms: [{ schema: planned }] },
  { command: 'schedules apply', forms: [{ when: 'what was done', schema: planned }] },
  { command: 'schedules pause', forms: [{ schema: changed }] },
  { command: 'schedules resume', forms: [{ schema: changed }] },
  {
    command: 'config show',
    forms: [
      {
        schema: Type.Array(
          exactly({
            name: text('as a variable'),
            value: nullable(text('secrets are masked; null where there is none')),
            origin: oneOf(['flag', 'environment', '.env', 'file', 'default']),
            description: text(),
          }),
        ),
      },
    ],
  },
  {
    command: 'doctor',
    forms: [
      {
        schema: exactly({
          healthy: yes('no check found a problem'),
          problems: count(),
          warnings: count(),
          findings: Type.Array(
            exactly({
              check: text('what was looked at'),
              level: oneOf(['ok', 'warning', 'problem', 'skipped']),
              what: text('what is so'),
              why: nullable(text('why it matters; null where nothing is wrong')),
              cure: nullable(text('what to run or to set; null where nothing is wrong')),
            }),
          ),
        }),
      },
    ],
  },
  {
    command: 'alerts check',
    forms: [
      {
        schema: Type.Array(
          exactly({
            key: text('names the condition: `lag/products`'),
            feed: nullable(feedName),
            what: text('what is so'),
            cause: text('why, as far as it is known'),
            command: text('what to run next'),
            level: Type.Integer({ description: 'grows when it gets worse' }),
          }),
        ),
      },
    ],
  },
];
