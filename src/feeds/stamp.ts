const STAMP = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:\d\d)?$/i;

/**
 * The time a stamp says, or undefined where it says none. Both formats are taken, whatever the
 * feed's own: `2026-11-21 22:40:05` (UTC) and RFC 3339; parts of a millisecond are cut off.
 */
export function parseStamp(stamp: string): Date | undefined {
  const match = STAMP.exec(stamp);
  if (match === null) return undefined;
  const [, day = '', time = '', zone = 'Z'] = match;
  const parsed = new Date(`${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed;
}
