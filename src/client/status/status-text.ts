import { table } from '../table.js';
import type { FeedStatus } from './feed-status.js';
import type { ScheduleState } from './runtime.js';

/** How the feeds stand, for people: a line for each, and below what needs a person. */
export function statusText(rows: readonly FeedStatus[]): string {
  return [feedTable(rows), ...notes(rows)].join('\n');
}

function feedTable(rows: readonly FeedStatus[]): string {
  return table(
    [
      'feed',
      'source',
      'sent',
      'failed',
      'to retry',
      'waiting',
      'quarantined',
      'held',
      'deleted',
      'backlog',
      'lag',
      'now',
      'last run',
    ],
    rows.map((row) => [
      row.feed,
      row.sourceRecords,
      row.accepted,
      row.failed,
      row.retry,
      row.waiting,
      row.quarantined,
      row.heldDeletions,
      row.deleted,
      row.backlog,
      lagText(row.lagSeconds),
      row.available ? nowText(row) : 'not available in this shop',
      row.lastRun === null ? 'never' : `${row.lastRun.at.slice(0, 19)} ${row.lastRun.outcome}`,
    ]),
  );
}

function nowText({ running, paused, phase }: FeedStatus): string {
  if (running === null) return 'idle';
  if (paused !== null) return `${running}, paused`;
  return phase === null ? running : `${running}, ${phase}`;
}

/** Sentences with what to run next. */
function notes(rows: readonly FeedStatus[]): string[] {
  const unread = rows[0]?.unreadChanges ?? 0;
  return [
    ...(unread === 0 ? [] : [`${unread} changes of the shop are noted and not taken yet.`]),
    ...rows.flatMap(({ feed, paused }) =>
      paused === null
        ? []
        : [
            `The run of ${feed} is paused${paused.by === null ? '' : ` by ${paused.by}`}${paused.reason === null ? '' : ` (${paused.reason})`}: \`saas-export resume --feed ${feed}\`.`,
          ],
    ),
    ...rows.flatMap(({ feed, waitsFor }) =>
      waitsFor === null ? [] : [`The run of ${feed} waits: ${waitsFor}.`],
    ),
    ...rows.flatMap(({ feed, heldDeletions }) =>
      heldDeletions === 0
        ? []
        : [
            `${heldDeletions} deletions of ${feed} are held until somebody decides: \`saas-export deletions list --feed ${feed}\`.`,
          ],
    ),
    ...rows.flatMap(({ feed, quarantined }) =>
      quarantined === 0
        ? []
        : [
            `${quarantined} items of ${feed} are in quarantine: \`saas-export quarantine list --feed ${feed}\`.`,
          ],
    ),
    ...scheduleNotes(rows),
  ];
}

function scheduleNotes(rows: readonly FeedStatus[]): string[] {
  if (rows.every(({ schedules }) => schedules === null)) {
    return ['The Temporal server does not answer, so runs and schedules are not known.'];
  }
  const all = new Map<string, ScheduleState>();
  for (const { schedules } of rows) for (const each of schedules ?? []) all.set(each.name, each);
  return [
    `Schedules: ${[...all.values()].map(scheduleText).join(', ')}.`,
    ...([...all.values()].some(({ state }) => state === 'missing' || state === 'not as declared')
      ? ['`saas-export schedules apply` makes them as declared.']
      : []),
  ];
}

function scheduleText({ name, state, note, next }: ScheduleState): string {
  switch (state) {
    case 'on':
      return next === null ? name : `${name} next ${next.slice(11, 19)} UTC`;
    case 'paused':
      return `${name} PAUSED${note === null || note === '' ? '' : ` (${note})`}`;
    case 'missing':
      return `${name} MISSING`;
    case 'not as declared':
      return `${name} not as declared`;
  }
}

/** `–`, `40 s`, `12 min`, `3 h`, `2 d`. */
export function lagText(seconds: number): string {
  if (seconds === 0) return '–';
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.floor(seconds / 3600)} h`
    : `${Math.floor(seconds / 86_400)} d`;
}
