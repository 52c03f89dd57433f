import type { ReceivedItem } from './received-item.js';

/** A version that was kept for a while. */
export interface KeptVersion {
  /** RFC 3339, UTC. */
  readonly stamp: string;
  readonly receivedAt: string;
  readonly deleted: boolean;
  readonly requestId: string;
}

/** How many versions an item's history tells of, the present one included. */
export const HISTORY_LENGTH = 10;

/** A version as the column `history` has it: times in milliseconds to base 36; 56 characters. */
export function historyEntry(
  { stamp, deleted }: ReceivedItem,
  receivedAt: Date,
  requestId: string,
): string {
  const times = `${stamp.getTime().toString(36)}|${receivedAt.getTime().toString(36)}`;
  return `${times}|${deleted ? 1 : 0}|${requestId}`;
}

/** Newest first. */
export function parseHistory(history: string): KeptVersion[] {
  return history
    .split(' ')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [stamp = '', receivedAt = '', deleted = '', requestId = ''] = entry.split('|');
      return {
        stamp: timeOf(stamp),
        receivedAt: timeOf(receivedAt),
        deleted: deleted === '1',
        requestId,
      };
    });
}

function timeOf(base36: string): string {
  return new Date(Number.parseInt(base36, 36)).toISOString();
}
