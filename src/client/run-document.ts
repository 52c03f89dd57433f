import { COUNT_NAMES, type RunCounts } from '../feeds/counts.js';
import type { RunRecord } from '../store/runs.js';

/** A run as `history --json` prints it. Times are RFC 3339, in UTC. */
export interface RunDocument {
  readonly run: number;
  readonly feed: string;
  readonly operation: string;
  /** `running` until it has ended. */
  readonly outcome: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Until now, while it runs. */
  readonly durationSeconds: number;
  readonly requestedBy: string | null;
  readonly reason: string | null;
  /** What launched it: the workflow type. */
  readonly trigger: string;
  /** The workflow that launched it. */
  readonly launchedBy: string | null;
  readonly workflowId: string;
  readonly workflowRunId: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly codeVersion: string;
  readonly contractVersion: number;
  readonly counts: RunCounts;
  readonly sentence: string | null;
}

export function runDocument(run: RunRecord, now: Date): RunDocument {
  const startedAt = rfc3339(run.startedAt);
  const endedAt = run.endedAt === undefined ? null : rfc3339(run.endedAt);
  const end = endedAt === null ? now.getTime() : Date.parse(endedAt);
  return {
    run: run.runId,
    feed: run.feed,
    operation: run.operation,
    outcome: run.outcome ?? 'running',
    startedAt,
    endedAt,
    durationSeconds: Math.max(0, Math.round((end - Date.parse(startedAt)) / 100) / 10),
    requestedBy: run.requestedBy ?? null,
    reason: run.reason ?? null,
    trigger: run.trigger,
    launchedBy: run.launchedBy ?? null,
    workflowId: run.workflowId,
    workflowRunId: run.workflowRunId,
    options: run.options,
    codeVersion: run.codeVersion,
    contractVersion: run.contractVersion,
    counts: run.counts,
    sentence: run.sentence ?? null,
  };
}

/** The runs as CSV (RFC 4180), with a line of names and a column for each count. */
export function runsCsv(runs: readonly RunDocument[]): string {
  const lines = runs.map(({ counts, options, ...fields }) => [
    ...Object.values(fields),
    JSON.stringify(options),
    ...COUNT_NAMES.map((name) => counts[name]),
  ]);
  return [[...FIELDS, 'options', ...COUNT_NAMES], ...lines]
    .map((line) => line.map(csvField).join(','))
    .join('\r\n');
}

const FIELDS: readonly (keyof RunDocument)[] = [
  'run',
  'feed',
  'operation',
  'outcome',
  'startedAt',
  'endedAt',
  'durationSeconds',
  'requestedBy',
  'reason',
  'trigger',
  'launchedBy',
  'workflowId',
  'workflowRunId',
  'codeVersion',
  'contractVersion',
  'sentence',
];

function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The store's `2026-11-22 08:30:00.000` as RFC 3339. */
function rfc3339(time: string): string {
  return `${time.replace(' ', 'T')}Z`;
}
