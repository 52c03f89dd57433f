import type { SourceContext } from '../feed.js';

const DAY = 86_400_000;

/**
 * From when on an order must have been updated to be in a full sync, `YYYY-MM-DD HH:MM:SS`, UTC.
 * Orders: the last seven days by default, as many as the settings say, to the second.
 */
export function windowStart({
  clock,
  settings,
}: Pick<SourceContext, 'clock' | 'settings'>): string {
  const start = new Date(clock().getTime() - settings.orderDays * DAY);
  return start.toISOString().slice(0, 19).replace('T', ' ');
}
