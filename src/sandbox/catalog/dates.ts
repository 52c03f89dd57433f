const day = 86_400_000;

/** `YYYY-MM-DD HH:MM:SS`, UTC: what goes into `timestamp` and `datetime` columns. */
export function timestamp(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

/** `YYYY-MM-DD`, UTC. */
export function dateOnly(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** `days` may be negative and fractional. */
export function daysAfter(date: Date, days: number): Date {
  return new Date(date.getTime() + Math.round(days * day));
}

/** The id that Adobe Commerce gives a scheduled update: its start in seconds since 1970. */
export function versionId(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
