import type { ScheduleOptions, ScheduleSpecDescription } from '@temporalio/client';

import type { Configuration } from '../../configuration/configuration.js';
import { startAttributes } from '../../workflows/search-attributes.js';

/** The schedules of the exporter, by the names that commands take. */
export const SCHEDULE_NAMES = [
  'partial-sync',
  'retry-failed',
  'publish-legacy',
  'cleanup-deleted',
  'verify',
  'compare',
] as const;

export type ScheduleName = (typeof SCHEDULE_NAMES)[number];

export interface DeclaredSchedule {
  readonly name: ScheduleName;
  /** `saas-export-partial-sync`, or `<instance>-saas-export-partial-sync`. */
  readonly id: string;
  /** What it does, for people; the note of the schedule while it is not paused. */
  readonly description: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly spec: ScheduleSpecDescription;
  readonly overlap: 'SKIP' | 'BUFFER_ONE';
  /** Seconds after which a start that was missed, as the server was down, is given up. */
  readonly catchupSeconds: number;
  /** The operation, as search attribute. */
  readonly syncType: string;
}

/** A schedule that this configuration does without. */
export interface OffSchedule {
  readonly name: ScheduleName;
  readonly id: string;
  /** Why, for people. */
  readonly because: string;
}

export interface Declarations {
  readonly on: readonly DeclaredSchedule[];
  /** They are not created: a paused schedule would be one click from starting what nobody set up. */
  readonly off: readonly OffSchedule[];
}

/** What the declarations depend on. */
export interface ScheduleSettings {
  readonly instance: string;
  readonly taskQueue: string;
  readonly capture: 'triggers' | 'compare';
  /** Default: off. */
  readonly verification?: Configuration['verification'];
}

export function scheduleSettings(configuration: Configuration): ScheduleSettings {
  return {
    instance: configuration.instance,
    taskQueue: configuration.temporal.taskQueue,
    capture: configuration.commerce.capture,
    verification: configuration.verification,
  };
}

const MINUTE = 60;
const HOUR = 3600;

/** A run listens until the next one, which waits for its end: at no time does nobody listen. */
const LISTEN_SECONDS = MINUTE;

/** All schedules, as they have to be on the server. */
export function declareSchedules(settings: ScheduleSettings): Declarations {
  const { instance, taskQueue, capture, verification } = settings;
  const id = (name: ScheduleName): string => scheduleId(instance, name);
  const compare: DeclaredSchedule = {
    name: 'compare',
    id: id('compare'),
    description: 'Compares all feeds in full, as there are no triggers (CAPTURE=compare).',
    workflowType: 'fullSync',
    taskQueue,
    input: {
      feeds: 'all',
      requestedBy: 'schedule',
      reason: 'scheduled full comparison (CAPTURE=compare)',
    },
    spec: every(HOUR, { jitter: 2 * MINUTE }),
    overlap: 'SKIP',
    catchupSeconds: 10 * MINUTE,
    syncType: 'full sync',
  };
  const verify: DeclaredSchedule | undefined =
    verification === undefined || verification.schedule === 'off'
      ? undefined
      : {
          name: 'verify',
          id: id('verify'),
          description: verification.fix
            ? 'Compares shop, state and service, and queues what drifted.'
            : 'Compares shop, state and service, and tells what drifted.',
          workflowType: 'verifyFeeds',
          taskQueue,
          input: { rowsPerSecond: verification.rowsPerSecond, fix: verification.fix },
          spec: daily(3, {
            jitter: 10 * MINUTE,
            days: verification.schedule === 'daily' ? EVERY_DAY : SUNDAYS,
          }),
          // A comparison that lasts longer than a day goes on.
          overlap: 'SKIP',
          catchupSeconds: 30 * MINUTE,
          syncType: 'verify',
        };
  return {
    on: [
      {
        name: 'partial-sync',
        id: id('partial-sync'),
        description: 'Sends what has changed, and starts queued full syncs.',
        workflowType: 'partialSync',
        taskQueue,
        input: { listenSeconds: LISTEN_SECONDS },
        // No jitter: the run before listens up to this one.
        spec: every(MINUTE),
        // A start that falls into a longer run is made after it, so no minute goes without one.
        overlap: 'BUFFER_ONE',
        catchupSeconds: 2 * MINUTE,
        syncType: 'partial sync',
      },
      {
        name: 'retry-failed',
        id: id('retry-failed'),
        description: 'Sends failed items again whose next try is due.',
        workflowType: 'retryFailedItems',
        taskQueue,
        input: {},
        spec: every(5 * MINUTE, { jitter: 20 }),
        overlap: 'SKIP',
        catchupSeconds: 5 * MINUTE,
        syncType: 'retry failed items',
      },
      {
        name: 'publish-legacy',
        id: id('publish-legacy'),
        description: 'Publishes the stored items of legacy feeds that were not sent.',
        workflowType: 'publishLegacyFeeds',
        taskQueue,
        input: {},
        spec: every(MINUTE, { jitter: 5 }),
        overlap: 'SKIP',
        catchupSeconds: 2 * MINUTE,
        syncType: 'publish',
      },
      {
        name: 'cleanup-deleted',
        id: id('cleanup-deleted'),
        description: 'Removes rows of deleted items that the service has acknowledged a week ago.',
        workflowType: 'cleanupDeletedItems',
        taskQueue,
        input: {},
        spec: daily(2, { jitter: 10 * MINUTE }),
        overlap: 'SKIP',
        catchupSeconds: 30 * MINUTE,
        syncType: 'cleanup',
      },
      ...(verify === undefined ? [] : [verify]),
      ...(capture === 'compare' ? [compare] : []),
    ],
    off: [
      ...(verify !== undefined
        ? []
        : [
            {
              name: 'verify' as const,
              id: id('verify'),
              because: 'people start it: `saas-export verify`; on with VERIFY_SCHEDULE=daily',
            },
          ]),
      ...(capture === 'compare'
        ? []
        : [
            {
              name: 'compare' as const,
              id: id('compare'),
              because: 'triggers note the changes; on with CAPTURE=compare',
            },
          ]),
    ],
  };
}

function scheduleId(instance: string, name: ScheduleName): string {
  return `${instance === '' ? '' : `${instance}-`}saas-export-${name}`;
}

/** Key of the memo that marks a schedule as made by `apply`; it cannot change after creation. */
export const OWNER_MEMO = 'saasExport';

/** What the SDK takes to create the schedule. */
export function toOptions(
  declared: DeclaredSchedule,
): Pick<ScheduleOptions, 'spec' | 'action' | 'policies'> {
  return {
    spec: declared.spec,
    action: {
      type: 'startWorkflow',
      workflowType: declared.workflowType,
      // The server adds the time: two runs of a schedule never share an ID.
      workflowId: declared.id,
      taskQueue: declared.taskQueue,
      args: [declared.input],
      staticSummary: declared.description,
      typedSearchAttributes: startAttributes({
        syncType: declared.syncType,
        requestedBy: 'schedule',
      }),
    },
    policies: {
      overlap: declared.overlap,
      catchupWindow: declared.catchupSeconds * 1000,
      // A bad run must not stop the ones after it; failures are for alerts and the audit.
      pauseOnFailure: false,
    },
  };
}

// In the form in which the server describes them, so that both can be compared.
function every(seconds: number, { jitter = 0 } = {}): ScheduleSpecDescription {
  return { intervals: [{ every: seconds * 1000, offset: 0 }], jitter: jitter * 1000 };
}

const EVERY_DAY = { start: 'SUNDAY', end: 'SATURDAY', step: 1 } as const;
const SUNDAYS = { start: 'SUNDAY', end: 'SUNDAY', step: 1 } as const;

function daily(
  hour: number,
  {
    jitter = 0,
    days = EVERY_DAY,
  }: { readonly jitter?: number; readonly days?: typeof EVERY_DAY | typeof SUNDAYS } = {},
): ScheduleSpecDescription {
  const at = (value: number) => [{ start: value, end: value, step: 1 }];
  return {
    calendars: [
      {
        second: at(0),
        minute: at(0),
        hour: at(hour),
        dayOfMonth: [{ start: 1, end: 31, step: 1 }],
        month: [{ start: 'JANUARY', end: 'DECEMBER', step: 1 }],
        year: [],
        dayOfWeek: [days],
      },
    ],
    jitter: jitter * 1000,
  };
}
