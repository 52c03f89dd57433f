import { readFileSync, statSync } from 'node:fs';

import { lastLines } from './commands.js';

/** What one run of a server writes to its log file, which may hold older runs before it. */
export class ServerLog {
  readonly file: string;
  readonly #start: number;

  /** Made before the server starts. */
  constructor(file: string) {
    this.file = file;
    this.#start = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }

  text(): string {
    try {
      return readFileSync(this.file).subarray(this.#start).toString();
    } catch {
      return '';
    }
  }

  /** The first lines about errors, else the last lines. */
  problem(): string {
    const text = this.text();
    const errors = text.split('\n').filter((line) => /\b(error|fatal|panic)\b/i.test(line));
    return errors.length > 0 ? errors.slice(0, 5).join('\n') : lastLines(text, 5);
  }
}
