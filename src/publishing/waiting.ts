import { setTimeout as sleep } from 'node:timers/promises';

/** Why nothing is sent just now. */
export interface Wait {
  /** A clause for people: “the service asked to slow down (429)”. */
  readonly reason: string;
  /** When it is tried again, at the latest. */
  readonly until: Date;
}

/** Told when a wait begins that people may notice; undefined: it is over. */
export type OnWait = (wait: Wait | undefined) => void;

/** Shorter waits are not told. */
const NOTICEABLE_MILLISECONDS = 2_000;

export interface Waiting {
  readonly reason: string;
  readonly signal: AbortSignal;
  readonly onWait?: OnWait | undefined;
  /** Milliseconds that the wait is expected to last in all. Default: as long as this one. */
  readonly expected?: number;
}

/**
 * Waits, and tells why if it takes long. That it is over is for the caller to tell.
 *
 * @throws the signal's reason, at once, when it aborts.
 */
export async function waitFor(milliseconds: number, waiting: Waiting): Promise<void> {
  const { reason, signal, onWait, expected = milliseconds } = waiting;
  signal.throwIfAborted();
  if (expected >= NOTICEABLE_MILLISECONDS) {
    onWait?.({ reason, until: new Date(Date.now() + expected) });
  }
  try {
    await sleep(Math.max(0, Math.ceil(milliseconds)), undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** Full jitter: anything up to a ceiling that doubles with each failure. */
export function backoff(
  failures: number,
  { base, longest, random }: { base: number; longest: number; random: () => number },
): number {
  return random() * Math.min(longest, base * 2 ** Math.max(0, failures - 1));
}
