const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A duration as logs show it: `383 ms`, `00:00:02 663 ms`, `1 day(s) 03:00:00 005 ms`.
 *
 * @param milliseconds negative ones (the clock was set back) count as 0.
 */
export function elapsedText(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds));
  if (whole < SECOND) return `${whole} ms`;
  const days = Math.floor(whole / DAY);
  const time = [
    Math.floor((whole % DAY) / HOUR),
    Math.floor((whole % HOUR) / MINUTE),
    Math.floor((whole % MINUTE) / SECOND),
  ]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  const rest = String(whole % SECOND).padStart(3, '0');
  return `${days > 0 ? `${days} day(s) ` : ''}${time} ${rest} ms`;
}
