import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, TemporalFailure } from '@temporalio/common';

import type { ErrorCode } from '../errors/codes.js';
import { ExportError } from '../errors/export-error.js';

/**
 * Codes that trying again cannot cure: wrong input and configuration, and the state as it is. What
 * cannot be reached just now is not among them: a run waits for it, however long it takes.
 */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CDE03-09',
  'CDE03-10',
  'SDE10-01',
  'SDE10-02',
  'SDE10-03',
  'SDE10-04',
  'SDE20-02',
  'SDE30-01',
  'SDE30-02',
  'SDE30-03',
  'SDE40-01',
  'SDE40-02',
]);

/**
 * Turns errors of activities into failures with the error's code as their type; the cure stands
 * in the message, where the Temporal UI shows it.
 */
export const failureInterceptor: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    try {
      return await next(input);
    } catch (error) {
      if (error instanceof ExportError) throw failureOf(error);
      // What ends because it was told to is no failure.
      const told = Context.current().cancellationSignal.aborted;
      if (told || error instanceof TemporalFailure || !(error instanceof Error)) throw error;
      throw unforeseen(error, input.args[0]);
    }
  },
};

/** The failure for an error that nobody foresaw, such as a connection that was cut. */
export function unforeseen(error: Error, asked: unknown): ApplicationFailure {
  const { feed, segment, run } = (asked ?? {}) as Readonly<Partial<Asked>>;
  const work = run?.feed ?? feed;
  const where = [
    ...(work === undefined ? [] : [work]),
    ...(segment === undefined ? [] : [`segment ${segment + 1}`]),
  ].join(', ');
  return ApplicationFailure.create({
    type: error.name,
    message: `${where === '' ? '' : `${where}: `}${error.message}. It is tried again; if that does not help, run \`saas-export doctor\`.`,
    cause: error,
  });
}

/** What activities are asked for, as far as it tells where they failed. */
interface Asked {
  readonly feed: string;
  readonly segment: number;
  readonly run: { readonly feed: string };
}

/** The failure that stands for an error in histories; with nothing to cure, it is not retried. */
export function failureOf(error: ExportError): ApplicationFailure {
  return ApplicationFailure.create({
    type: error.code,
    message: `${error.message} ${error.cure}`,
    nonRetryable: FINAL.has(error.code),
    details: [{ code: error.code, cure: error.cure }],
    ...(error.cause instanceof Error ? { cause: error.cause } : {}),
  });
}
