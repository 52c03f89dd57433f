import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

import type { Environment } from './commands.js';

export interface DownloadOptions {
  readonly version: string;
  /** Takes the binary. */
  readonly folder: string;
  readonly environment: Environment;
  readonly signal?: AbortSignal | undefined;
  /** Default: `https://temporal.download`. */
  readonly from?: string;
  /** How long the other side may send nothing before the download is given up. Default: 20. */
  readonly silenceSeconds?: number;
}

/**
 * Downloads the Temporal CLI as Temporal's SDKs do: the first request answers with the address of
 * an archive and the name of the program in it.
 *
 * @returns the path of the program.
 */
export async function downloadTemporal(options: DownloadOptions): Promise<string> {
  const { version, folder, from = 'https://temporal.download' } = options;
  const silence = new Silence(options.silenceSeconds ?? 20, options.signal);
  try {
    const query = new URLSearchParams({
      platform: process.platform,
      arch: process.arch === 'x64' ? 'amd64' : process.arch,
      format: 'tar.gz',
      'sdk-name': 'sdk-typescript',
    });
    const answer = await get(`${from}/cli/v${version}?${query.toString()}`, silence);
    const { archiveUrl, fileToExtract } = (await answer.json()) as Record<string, unknown>;
    if (typeof archiveUrl !== 'string' || typeof fileToExtract !== 'string') {
      throw new Error(`${from} names no archive`);
    }
    const archive = await get(archiveUrl, silence);
    if (archive.body === null) throw new Error(`${archiveUrl} is empty`);
    await unpack(archive.body as ReadableStream<Uint8Array>, {
      folder,
      file: fileToExtract,
      silence,
      options,
    });
    return join(folder, fileToExtract);
  } finally {
    silence.end();
  }
}

async function get(url: string, silence: Silence): Promise<Response> {
  const answer = await fetch(url, { signal: silence.signal });
  silence.broken();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer;
}

interface Unpacking {
  readonly folder: string;
  readonly file: string;
  readonly silence: Silence;
  readonly options: DownloadOptions;
}

async function unpack(
  body: ReadableStream<Uint8Array>,
  { folder, file, silence, options }: Unpacking,
): Promise<void> {
  const tar = spawn('tar', ['-xzf', '-', '-C', folder, file], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: options.environment,
  });
  let said = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = new Promise<number | null>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('close', resolve);
  });
  const listen = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      silence.broken();
      yield piece;
    }
  };
  const written = pipeline(Readable.fromWeb(body), listen, tar.stdin, {
    signal: silence.signal,
  }).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  const [code, error] = await Promise.all([exited, written]);
  silence.signal.throwIfAborted();
  if (code !== 0) throw new Error(`the archive cannot be unpacked: ${said.trim()}`);
  if (error !== undefined) throw error;
}

/** Aborts when nothing was heard for some time, or when the given signal does. */
class Silence {
  readonly signal: AbortSignal;
  readonly #seconds: number;
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout;

  constructor(seconds: number, signal: AbortSignal | undefined) {
    this.#seconds = seconds;
    this.signal = AbortSignal.any([this.#controller.signal, ...(signal ? [signal] : [])]);
    this.#timer = this.#start();
  }

  broken(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #start(): NodeJS.Timeout {
    const abort = () =>
      this.#controller.abort(new Error(`no answer within ${this.#seconds} seconds`));
    return setTimeout(abort, this.#seconds * 1000);
  }
}
