import type { ErrorCode } from '../../errors/codes.js';

/** What keeps one order from being exported. The message names the row and repeats none of it. */
export class BrokenOrder extends Error {
  override readonly name = 'BrokenOrder';
  readonly code: ErrorCode;

  constructor(message: string, code: ErrorCode = 'CDE01-23') {
    super(message);
    this.code = code;
  }
}
