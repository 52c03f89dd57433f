import { hash } from 'node:crypto';

/**
 * The code by which services know a customer group: lower-case hex SHA-1 of its decimal id (not the
 * group's name). 0 is the group NOT LOGGED IN.
 */
export function customerGroupCode(groupId: number): string {
  return hash('sha1', String(groupId));
}
