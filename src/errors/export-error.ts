import { ERROR_CODES, type ErrorCode, type ErrorEntry } from './codes.js';

export interface ErrorParticulars {
  /** What happened in this case, one sentence. Default: the code's summary. */
  readonly message?: string;
  /** What to do in this case. Default: the code's cure. */
  readonly cure?: string;
  readonly cause?: unknown;
}

/** An error with a stable code, a sentence, its cause and a cure. */
export class ExportError extends Error {
  readonly code: ErrorCode;
  readonly cure: string;
  readonly kind: ErrorEntry['kind'];

  constructor(code: ErrorCode, { message, cure, cause }: ErrorParticulars = {}) {
    const entry = ERROR_CODES[code];
    super(message ?? entry.summary, cause === undefined ? undefined : { cause });
    this.name = 'ExportError';
    this.code = code;
    this.cure = cure ?? entry.cure;
    this.kind = entry.kind;
  }
}

/** The messages of an error and all its causes, outermost first, joined by “: ”. */
export function explainCauses(error: unknown): string {
  const messages: string[] = [];
  let at: unknown = error;
  while (at !== undefined && at !== null && messages.length < 8) {
    const message = messageOf(at);
    if (message !== '' && messages.at(-1) !== message) messages.push(message);
    at = at instanceof Error ? at.cause : undefined;
  }
  return messages.join(': ');
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(messageOf).join('; ');
  }
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : JSON.stringify(error);
}
