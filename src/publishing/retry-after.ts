/** A service that asks for more is not believed: its clock or ours is wrong. */
const LONGEST_SECONDS = 24 * 3600;

/**
 * Seconds that `Retry-After` asks to wait, from when the answer came: a number of seconds, or an
 * HTTP date, which is read by the service's own clock where the answer tells it (`Date`). Undefined
 * where there is no such header or it cannot be read. At most a day.
 */
export function retryAfterSeconds(
  { retryAfter, date }: { readonly retryAfter?: string; readonly date?: string },
  now: Date,
): number | undefined {
  const written = retryAfter?.trim();
  if (written === undefined || written === '') return undefined;
  const asked = /^\d+(\.\d+)?$/.test(written)
    ? Number(written)
    : (Date.parse(written) - serviceTime(date, now)) / 1000;
  return Number.isNaN(asked) ? undefined : Math.min(Math.max(asked, 0), LONGEST_SECONDS);
}

function serviceTime(date: string | undefined, now: Date): number {
  const told = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(told) ? now.getTime() : told;
}
