import { literal } from './sql.js';

/** An account of the database server. */
export interface Definer {
  /** `user@host`, as the server shows it. */
  readonly account: string;
  readonly user: string;
  readonly host: string;
}

/** Reads `user@host`; without a host it is any (`%`). The last `@` separates them. */
export function parseDefiner(text: string): Definer {
  const at = text.lastIndexOf('@');
  const user = at === -1 ? text : text.slice(0, at);
  const host = at === -1 ? '%' : text.slice(at + 1);
  return { account: `${user}@${host}`, user, host };
}

/** `'user'@'host'` */
export function definerSql({ user, host }: Definer): string {
  return `${literal(user)}@${literal(host)}`;
}
