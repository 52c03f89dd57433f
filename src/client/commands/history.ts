import { requireSettings } from '../../configuration/require.js';
import { ExportError } from '../../errors/export-error.js';
import { COUNT_NAMES } from '../../feeds/counts.js';
import { allFeeds, feedNamed } from '../../feeds/registry.js';
import { requireMigrated } from '../../store/migrate.js';
import { findRun, findRuns, type RunFilter } from '../../store/run-history.js';
import { RECORDED_OUTCOMES } from '../../store/runs.js';
import { Store } from '../../store/store.js';
import { configurationFor, print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { runDocument, runsCsv, type RunDocument } from '../run-document.js';
import { table } from '../table.js';

export interface HistoryFlags extends ConnectionFlags, JsonFlag {
  readonly feed?: string;
  readonly since?: string;
  readonly outcome?: string;
  readonly limit: string;
  readonly csv?: boolean;
}

/** Prints the audit: the latest runs, one run in full, or all runs of one workflow. */
export async function history(run: string | undefined, flags: HistoryFlags): Promise<void> {
  if (flags.json === true && flags.csv === true) {
    throw new ExportError('SDE10-03', { message: '--json does not go with --csv.' });
  }
  const now = new Date();
  const filter = filterOf(flags, now);
  await withStore(flags, async (store) => {
    const number = run !== undefined && /^\d{1,15}$/.test(run) ? Number(run) : undefined;
    if (number !== undefined) {
      const found = await findRun(store, number);
      if (found === undefined) throw noRun(`There is no run ${number} in the audit.`);
      const document = runDocument(found, now);
      if (flags.csv === true) process.stdout.write(`${runsCsv([document])}\n`);
      else print(flags.json, document, () => detail(document));
      return;
    }
    const found = await findRuns(store, {
      ...filter,
      ...(run === undefined ? {} : { workflowId: run }),
    });
    if (run !== undefined && found.length === 0) {
      throw noRun(`No run of or by the workflow ${run} is in the audit.`);
    }
    const documents = found.map((each) => runDocument(each, now));
    if (flags.csv === true) process.stdout.write(`${runsCsv(documents)}\n`);
    else print(flags.json, documents, () => overview(documents));
  });
}

function noRun(message: string): ExportError {
  return new ExportError('SDE40-13', { message });
}

async function withStore(
  flags: ConnectionFlags,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const configuration = await configurationFor(flags);
  const { EXPORT_DATABASE_URL: databaseUrl } = requireSettings(configuration, [
    'EXPORT_DATABASE_URL',
  ]);
  const { tablePrefix } = configuration.store;
  const store = new Store({ databaseUrl, tablePrefix, connections: 1 });
  try {
    await requireMigrated(
      store,
      allFeeds().map((feed) => feed.table),
    );
    await work(store);
  } finally {
    await store.close();
  }
}

/** @throws ExportError SDE10-02 for unknown feeds, SDE10-03 for other values that do not fit. */
function filterOf(flags: HistoryFlags, now: Date): RunFilter {
  const limit = /^\d+$/.test(flags.limit) ? Number(flags.limit) : 0;
  if (limit < 1 || limit > 100_000) {
    throw new ExportError('SDE10-03', {
      message: `--limit takes a whole number from 1 to 100000, not “${flags.limit}”.`,
    });
  }
  return {
    limit,
    ...(flags.feed === undefined
      ? {}
      : { feeds: listOf(flags.feed).map((name) => feedNamed(name).name) }),
    ...(flags.since === undefined ? {} : { since: timeOf(flags.since, now) }),
    ...(flags.outcome === undefined ? {} : { outcomes: listOf(flags.outcome).map(outcomeOf) }),
  };
}

const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

/** A time (RFC 3339; UTC where it has no zone), a date, or an age such as `90m`, `24h`, `7d`. */
function timeOf(text: string, now: Date): Date {
  const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const seconds = UNITS[unit];
  if (amount !== undefined && seconds !== undefined) {
    return new Date(now.getTime() - Number(amount) * seconds * 1000);
  }
  const isTime = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/i.test(text);
  const zoned = /([Zz]|[+-]\d\d:\d\d)$/.test(text) || text.length === 10 ? text : `${text}Z`;
  const time = new Date(isTime ? zoned.replace(' ', 'T') : Number.NaN);
  if (Number.isNaN(time.getTime())) {
    throw new ExportError('SDE10-03', {
      message: `--since takes a time such as 2026-11-01 or 2026-11-01T08:00:00Z, or an age such as 90m, 24h, 7d, not “${text}”.`,
    });
  }
  return time;
}

const OUTCOMES = [...RECORDED_OUTCOMES, 'running'] as const;

function outcomeOf(text: string): (typeof OUTCOMES)[number] {
  const outcome = OUTCOMES.find((each) => each === text);
  if (outcome !== undefined) return outcome;
  throw new ExportError('SDE10-03', {
    message: `There is no outcome “${text}”. Outcomes: ${OUTCOMES.join(', ')}.`,
  });
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function overview(runs: readonly RunDocument[]): string {
  if (runs.length === 0) return 'No runs.';
  return table(
    [
      'run',
      'started',
      'feed',
      'operation',
      'outcome',
      'took',
      'sent',
      'failed',
      'requested by',
      'options',
    ],
    runs.map((run) => [
      String(run.run),
      run.startedAt.slice(0, 19),
      run.feed,
      run.operation,
      run.outcome,
      duration(run.durationSeconds),
      run.counts.sent,
      run.counts.rejected + run.counts.failed,
      run.requestedBy ?? run.trigger,
      optionsText(run.options),
    ]),
  );
}

/** The options that are set, by name: `cleanupFeed, batchSize=50`. */
function optionsText(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined && value !== null && value !== false)
    .map(([name, value]) => (typeof value === 'number' ? `${name}=${value}` : name))
    .join(', ');
}

/** Everything that is known of a run, a line each. */
function detail(run: RunDocument): string {
  const counts = COUNT_NAMES.map((name): [string, string] => [
    name,
    name === 'waited' ? `${run.counts.waited / 1000} s` : run.counts[name].toLocaleString('en-US'),
  ]);
  const lines: [string, string][] = [
    ['run', String(run.run)],
    ['feed', run.feed],
    ['operation', run.operation],
    ['outcome', run.outcome],
    ['requested by', run.requestedBy ?? '–'],
    ['reason', run.reason ?? '–'],
    ['trigger', run.trigger],
    ['launched by', run.launchedBy ?? '–'],
    ['options', JSON.stringify(run.options)],
    ['workflow', run.workflowId],
    ['workflow run', run.workflowRunId],
    ['code version', run.codeVersion],
    ['contract version', String(run.contractVersion)],
    ['started', run.startedAt],
    ['ended', run.endedAt ?? '–'],
    ['took', duration(run.durationSeconds)],
    ...counts,
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const rows = lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return [...(run.sentence === null ? [] : [run.sentence, '']), ...rows].join('\n');
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}
