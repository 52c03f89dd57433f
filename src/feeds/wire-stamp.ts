/**
 * A stamp as the routes that ask for RFC 3339 take it: `2026-11-21 22:40:05` becomes
 * `2026-11-21T22:40:05+00:00`. RFC 3339 stamps stay as they are.
 */
export function wireStamp(stamp: string): string {
  return stamp.includes('T') ? stamp : `${stamp.replace(' ', 'T')}+00:00`;
}
