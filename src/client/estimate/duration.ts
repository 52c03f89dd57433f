/** What a feed's sync takes, and what holds it up. */
export interface Duration {
  readonly requests: number;
  /** At the request budget; null without one. */
  readonly sendSeconds: number | null;
  /** At the best rate of earlier runs; null where there is none. */
  readonly collectSeconds: number | null;
  readonly seconds: number | null;
  readonly boundBy: Bound;
}

export type Bound = 'request budget' | 'collecting' | 'nothing to do' | 'unknown';

/**
 * Sending and collecting go on at the same time, so the slower of them counts. Where no run has
 * been measured, collecting is taken to keep pace.
 */
export function durationOf({
  records,
  batchSize,
  requestsPerSecond,
  itemsPerSecond,
}: Pace): Duration {
  const requests = Math.ceil(records / batchSize);
  if (records === 0) {
    return { requests, sendSeconds: 0, collectSeconds: 0, seconds: 0, boundBy: 'nothing to do' };
  }
  const sendSeconds = requestsPerSecond === 0 ? null : round(requests / requestsPerSecond);
  const collectSeconds = itemsPerSecond === undefined ? null : round(records / itemsPerSecond);
  return { requests, sendSeconds, collectSeconds, ...slower(sendSeconds, collectSeconds) };
}

export interface Pace {
  readonly records: number;
  /** Items in a request. */
  readonly batchSize: number;
  /** 0: no limit. */
  readonly requestsPerSecond: number;
  /** Undefined where no run was measured. */
  readonly itemsPerSecond: number | undefined;
}

/** All feeds together: they share one request budget, and one database. */
export function totalDuration(durations: readonly Duration[]): Duration {
  const requests = durations.reduce((sum, each) => sum + each.requests, 0);
  const sendSeconds = sumOf(durations.map((each) => each.sendSeconds));
  const collectSeconds = sumOf(durations.map((each) => each.collectSeconds));
  if (durations.every(({ boundBy }) => boundBy === 'nothing to do')) {
    return { requests, sendSeconds, collectSeconds, seconds: 0, boundBy: 'nothing to do' };
  }
  return { requests, sendSeconds, collectSeconds, ...slower(sendSeconds, collectSeconds) };
}

function slower(
  send: number | null,
  collect: number | null,
): Pick<Duration, 'seconds' | 'boundBy'> {
  if (send === null && collect === null) return { seconds: null, boundBy: 'unknown' };
  return (send ?? 0) >= (collect ?? 0)
    ? { seconds: send, boundBy: 'request budget' }
    : { seconds: collect, boundBy: 'collecting' };
}

/** Null where none of them is known. */
function sumOf(seconds: readonly (number | null)[]): number | null {
  const known = seconds.filter((each) => each !== null);
  return known.length === 0 ? null : round(known.reduce((sum, each) => sum + each, 0));
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

/** `40 s`, `3.3 min`, `2 h 05 min`. */
export function durationText(seconds: number | null): string {
  if (seconds === null) return 'unknown';
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = seconds / 60;
  if (minutes < 60) return `${minutes.toFixed(1)} min`;
  const whole = Math.round(minutes);
  return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, '0')} min`;
}
