import { open, type FileHandle } from 'node:fs/promises';

import { ExportError } from '../errors/export-error.js';

/** A file that a command writes to. It is emptied with the first write: until then all may fail. */
export class OutputFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #begun = false;
  #closed = false;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** @throws ExportError SDE10-03 where it cannot be written. */
  static async open(path: string): Promise<OutputFile> {
    return new OutputFile(path, await told(path, () => open(path, 'a')));
  }

  /** @throws ExportError SDE10-03 where that fails, as the disk is full. */
  async write(text: string): Promise<void> {
    await told(this.#path, async () => {
      await this.#begin();
      await this.#handle.appendFile(text);
    });
  }

  /** The end of what was to be written; nothing at all makes an empty file. */
  async end(): Promise<void> {
    await told(this.#path, () => this.#begin());
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    // Pipes and devices have no content of before.
    if ((await this.#handle.stat()).isFile()) await this.#handle.truncate(0);
  }
}

async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new ExportError('SDE10-03', {
      message: `The file ${path} cannot be written.`,
      cure: 'Name a file in a folder that exists, which this account may write to.',
      cause,
    });
  }
}
