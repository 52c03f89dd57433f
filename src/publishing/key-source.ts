import { readFile, stat } from 'node:fs/promises';

/** How often a file is looked at; the service's refusal makes it sooner. */
const LOOK_MILLISECONDS = 5_000;

/** A secret that may be replaced while the process runs. */
export interface KeySource {
  /** The secret as it is now. */
  read(): Promise<string>;
  /** Looks for a new one at once. */
  refresh(): Promise<void>;
}

/** A secret that stays as it is. */
export function fixedKey(value: string): KeySource {
  return { read: () => Promise.resolve(value), refresh: () => Promise.resolve() };
}

/**
 * A secret in a file, which is read again when the file has changed. A file that cannot be read, or
 * whose content `parse` refuses, leaves the secret as it was: it may be just being replaced.
 */
export function keyFile(
  path: string,
  {
    initial,
    parse,
    clock = () => performance.now(),
  }: {
    readonly initial: string;
    /** Throws for what is no such key. Default: the text without spaces around it. */
    readonly parse?: (content: string) => string;
    /** Milliseconds. */
    readonly clock?: () => number;
  },
): KeySource {
  let value = initial;
  let seen: string | undefined;
  let looked = Number.NEGATIVE_INFINITY;
  const look = async (): Promise<void> => {
    looked = clock();
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const version = `${mtimeMs}/${size}/${ino}`;
      if (version === seen) return;
      const content = (await readFile(path, 'utf8')).trim();
      value = parse === undefined ? content : parse(content);
      seen = version;
    } catch {
      return;
    }
  };
  return {
    async read() {
      if (clock() - looked >= LOOK_MILLISECONDS) await look();
      return value;
    },
    refresh: look,
  };
}
