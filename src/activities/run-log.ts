import { asyncLocalStorage } from '@temporalio/activity';
import type { Logger } from 'pino';

import { ERROR_CODES, type ErrorCode } from '../errors/codes.js';
import { feedNamed } from '../feeds/registry.js';
import { OperationLog, type Operation as LoggedOperation } from '../log/operation-log.js';
import { classOf, complaintsOf, reasonOf, type Answer } from '../publishing/answer.js';
import type { RunRef } from '../workflows/messages.js';

/** Where activities report what happens, and how much of it. */
export interface ActivityLog {
  readonly logger: Logger;
  /** Log every payload. */
  readonly extended: boolean;
  /** Seconds between progress records; undefined: by the length of the run. */
  readonly progressInterval: number | undefined;
}

/** Which half of a run of a legacy feed: it collects first, and publishes then. */
export type RunPart = 'collecting' | 'publishing';

/** The log of a run, whichever of its activities writes. */
export function runLog(
  { log }: { readonly log: ActivityLog },
  run: RunRef,
  part: RunPart = 'publishing',
): OperationLog {
  return new OperationLog(log.logger, {
    feed: run.feed,
    operation: operationName(run, part),
    ...(run.runId === 0 ? {} : { run: String(run.runId) }),
    ...callingWorkflow(),
    caller: run.caller,
    clock: () => new Date(),
    startedAt: new Date(run.startedAt),
    ...(log.progressInterval === undefined ? {} : { progressInterval: log.progressInterval }),
  });
}

/** The workflow and execution that the activity works for; none outside of activities. */
function callingWorkflow(): { readonly workflow?: string; readonly workflowRun?: string } {
  const execution = asyncLocalStorage.getStore()?.info.workflowExecution;
  return execution === undefined
    ? {}
    : { workflow: execution.workflowId, workflowRun: execution.runId };
}

/** The operation by the reference exporter's names. */
function operationName({ feed, operation, options }: RunRef, part: RunPart): LoggedOperation {
  const legacy = feedNamed(feed).mode === 'legacy';
  switch (operation) {
    case 'full sync':
      if (!legacy) return operation;
      return part === 'collecting' && options.noReindex !== true
        ? 'full reindex(legacy)'
        : 'full sync(legacy)';
    case 'partial sync':
      return legacy ? 'partial reindex (legacy)' : operation;
    case 'publish':
      return 'partial sync (legacy)';
    case 'retry failed items':
      return operation;
  }
}

/** Writes a record for a request of so many items that was not accepted in full. */
export function logAnswer(
  log: OperationLog,
  answer: Answer,
  items: number,
  {
    mask,
    ...sent
  }: {
    readonly mask: (message: string) => string;
    readonly environmentId: string;
    readonly baseUri: string;
  },
): void {
  const complaints = answer.kind === 'answer' ? complaintsOf(answer.body, items) : [];
  if (classOf(answer) === 'accepted' && complaints.length === 0) return;
  const code = codeOf(answer);
  const failedItems = complaints.map(({ index, message }) => [String(index), mask(message)]);
  log.warning(`${code} ${ERROR_CODES[code].summary}`, {
    code,
    ...sent,
    statusCode: answer.kind === 'answer' ? answer.status : 0,
    reason: mask(reasonOf(answer)),
    route: answer.route,
    headers: answer.headers,
    requestId: answer.kind === 'answer' ? answer.requestId : undefined,
    items,
    ...(complaints.length === 0 ? {} : { failedItems: Object.fromEntries(failedItems) as object }),
  });
}

function codeOf(answer: Answer): ErrorCode {
  if (answer.kind === 'none') return 'CDE02-11';
  const { status } = answer;
  if (status < 300 || status === 400) return 'CDE02-09';
  if (status === 429) return 'CDE02-07';
  return status >= 500 || status === 408 ? 'CDE02-08' : 'CDE02-10';
}
