import type { Pause } from './messages.js';

/** `is paused by Ada (night)`. */
export function describePause({ by, reason }: Pause): string {
  return `is paused${byWhom(by)}${reason === undefined ? '' : ` (${reason})`}`;
}

export function byWhom(by: string | undefined): string {
  return by === undefined ? '' : ` by ${by}`;
}
