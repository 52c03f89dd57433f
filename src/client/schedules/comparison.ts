import type { ScheduleDescription, ScheduleSpecDescription } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';

import { toOptions, type DeclaredSchedule } from './declarations.js';

/** A field in which a schedule on the server is not as declared. */
export interface Difference {
  readonly field: string;
  readonly declared: string;
  readonly server: string;
}

/** The fields of a schedule that are declared; pauses and notes belong to people. */
type ComparedSchedule = Pick<ScheduleDescription, 'spec' | 'policies'> & {
  readonly action: Pick<
    ScheduleDescription['action'],
    | 'workflowType'
    | 'workflowId'
    | 'taskQueue'
    | 'args'
    | 'staticSummary'
    | 'typedSearchAttributes'
    | 'workflowExecutionTimeout'
    | 'workflowRunTimeout'
  >;
};

/** What is not as declared, in words; empty where all is. */
export function differencesOf(
  declared: DeclaredSchedule,
  server: ComparedSchedule,
): readonly Difference[] {
  const wanted = fieldsOf(declaredForm(declared));
  const found = fieldsOf(server);
  return Object.entries(wanted).flatMap(([field, value]) => {
    const other = found[field] ?? '';
    return other === value ? [] : [{ field, declared: value, server: other }];
  });
}

/** When a schedule starts its workflow: `every 5 min`, `daily at 02:00 UTC`, `Sundays at 03:00 UTC`. */
export function timesOf(spec: ScheduleSpecDescription): string {
  const { intervals = [], calendars = [] } = spec;
  const times = [
    ...intervals.map(
      ({ every, offset }) =>
        `every ${duration(every)}${offset === 0 ? '' : ` from ${duration(offset)} on`}`,
    ),
    ...calendars.map((calendar) => dailyTime(calendar) ?? canonical({ ...calendar, comment: '' })),
  ];
  const zone = spec.timezone === undefined || spec.timezone === '' ? 'UTC' : spec.timezone;
  const limits = [
    ...(zone === 'UTC' ? [] : [`time zone ${zone}`]),
    ...((spec.skip ?? []).length === 0 ? [] : [`but ${canonical(spec.skip)}`]),
    ...(spec.startAt === undefined ? [] : [`from ${spec.startAt.toISOString()}`]),
    ...(spec.endAt === undefined ? [] : [`until ${spec.endAt.toISOString()}`]),
  ];
  return [times.length === 0 ? 'never' : times.join(' and '), ...limits].join(', ');
}

function declaredForm(declared: DeclaredSchedule): ComparedSchedule {
  const { action } = toOptions(declared);
  return {
    spec: declared.spec,
    action: {
      workflowType: declared.workflowType,
      workflowId: declared.id,
      taskQueue: declared.taskQueue,
      args: [declared.input],
      ...(action.staticSummary === undefined ? {} : { staticSummary: action.staticSummary }),
      ...(action.typedSearchAttributes === undefined
        ? {}
        : { typedSearchAttributes: action.typedSearchAttributes }),
    },
    policies: {
      overlap: declared.overlap,
      catchupWindow: declared.catchupSeconds * 1000,
      pauseOnFailure: false,
    },
  };
}

function fieldsOf({ spec, action, policies }: ComparedSchedule): Record<string, string> {
  return {
    times: timesOf(spec),
    jitter: duration(spec.jitter ?? 0),
    workflow: action.workflowType,
    'workflow ID': action.workflowId,
    'task queue': action.taskQueue,
    input: (action.args ?? []).map(canonical).join(', '),
    summary: action.staticSummary ?? '',
    'search attributes': attributes(action.typedSearchAttributes),
    timeout: [action.workflowExecutionTimeout, action.workflowRunTimeout]
      .filter((timeout) => timeout !== undefined)
      .join(', '),
    overlap: policies.overlap ?? 'SKIP',
    'catch-up': duration(policies.catchupWindow),
    'pause on failure': policies.pauseOnFailure ? 'yes' : 'no',
  };
}

function attributes(given: ComparedSchedule['action']['typedSearchAttributes']): string {
  const pairs = given instanceof TypedSearchAttributes ? given.getAll() : (given ?? []);
  return pairs
    .map(({ key, value }) => `${key.name}=${String(value)}`)
    .sort()
    .join(', ');
}

/** The time of a calendar that names one second of every day, or of one day of each week. */
function dailyTime(
  calendar: NonNullable<ScheduleSpecDescription['calendars']>[number],
): string | undefined {
  const { second, minute, hour, ...days } = calendar;
  const [h, m, s] = [hour, minute, second].map((ranges) =>
    ranges.length === 1 && ranges[0]?.start === ranges[0]?.end ? ranges[0]?.start : undefined,
  );
  const { dayOfWeek } = days;
  const [day] =
    dayOfWeek.length === 1 && dayOfWeek[0]?.start === dayOfWeek[0]?.end ? dayOfWeek : [];
  const whole = day === undefined ? days : { ...days, dayOfWeek: ALL_WEEK };
  const everyDay = canonical({ ...whole, comment: '' }) === EVERY_DAY;
  if (!everyDay || h === undefined || m === undefined || s === undefined) return undefined;
  const two = (value: number): string => String(value).padStart(2, '0');
  const when =
    day === undefined ? 'daily' : `${day.start.charAt(0)}${day.start.slice(1).toLowerCase()}s`;
  return `${when} at ${two(h)}:${two(m)}${s === 0 ? '' : `:${two(s)}`} UTC`;
}

/** JSON with sorted keys, so that equal values are equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const ALL_WEEK = [{ start: 'SUNDAY', end: 'SATURDAY', step: 1 }];

const EVERY_DAY = canonical({
  dayOfMonth: [{ start: 1, end: 31, step: 1 }],
  month: [{ start: 'JANUARY', end: 'DECEMBER', step: 1 }],
  year: [],
  dayOfWeek: ALL_WEEK,
  comment: '',
});

function duration(milliseconds: number): string {
  const units = [
    ['day', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
  ] as const;
  for (const [name, size] of units) {
    if (milliseconds >= size && milliseconds % size === 0) {
      const count = milliseconds / size;
      return `${count} ${name}${name === 'day' && count > 1 ? 's' : ''}`;
    }
  }
  return `${milliseconds / 1000} s`;
}
