import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';

import { ExportError } from '../errors/export-error.js';

/** Codes that trying again cannot cure, beside wrong use and configuration. */
const FINAL: ReadonlySet<string> = new Set(['SDE30-02', 'SDE30-03', 'SDE40-02', 'CDE03-10']);

/** Wrong configuration for a command, but for a run it may pass: an upgrade of the shop, a grant. */
const PASSING: ReadonlySet<string> = new Set(['SDE20-09', 'SDE20-10']);

/**
 * Turns errors of activities into failures with the error's code as their type; the cure stands
 * in the message, where the Temporal UI shows it.
 */
export const failureInterceptor: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    try {
      return await next(input);
    } catch (error) {
      throw error instanceof ExportError ? failureOf(error) : error;
    }
  },
};

function failureOf(error: ExportError): ApplicationFailure {
  return ApplicationFailure.create({
    type: error.code,
    message: `${error.message} ${error.cure}`,
    nonRetryable: (error.kind === 'usage' && !PASSING.has(error.code)) || FINAL.has(error.code),
    details: [{ code: error.code, cure: error.cure }],
    ...(error.cause instanceof Error ? { cause: error.cause } : {}),
  });
}
