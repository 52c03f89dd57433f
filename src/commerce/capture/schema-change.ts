import { setTimeout as delay } from 'node:timers/promises';

import { ExportError } from '../../errors/export-error.js';
import { errorNumber, type Sql } from './sql.js';

/** Lock wait of one attempt: so long may the shop's writes queue up behind it. */
const LOCK_WAIT_SECONDS = 1;

export async function prepareSession(shop: Sql): Promise<void> {
  // A trigger keeps the mode it was made under: under a strict one it could fail where it need not.
  await shop.run(`SET SESSION sql_mode = '', lock_wait_timeout = ${LOCK_WAIT_SECONDS}`);
}

/**
 * Runs a statement that waits for transactions on a table to end, again and again for a moment.
 *
 * @throws ExportError SDE20-06 when a right is missing; SDE20-07 when `table` was busy all the time.
 */
export async function changeSchema(
  shop: Sql,
  sql: string,
  table: string,
  attempts = 30,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await shop.run(sql);
      return;
    } catch (error) {
      const number = errorNumber(error);
      // 1205: lock wait timeout; 1213: deadlock.
      if ((number === 1205 || number === 1213) && attempt < attempts) {
        // As long again as the shop may have waited, and never in step with its own rhythm.
        await delay(1_000 + Math.random() * 1_000);
        continue;
      }
      throw explained(error, number, table);
    }
  }
}

function explained(cause: unknown, number: number | undefined, table: string): unknown {
  switch (number) {
    case 1205:
    case 1213:
      return new ExportError('SDE20-07', {
        message: `Transactions on ${table} were open all the time, so its triggers are not made. What was made until then stays.`,
        cause,
      });
    case 1044:
    case 1142:
    case 1227:
    case 1370:
      return new ExportError('SDE20-06', {
        message: `The account may not make the triggers of ${table}.`,
        cause,
      });
    case 1419:
      return new ExportError('SDE20-06', {
        message: `The server writes a binary log, so the account may not make the triggers of ${table}.`,
        cure: 'Have an administrator set log_bin_trust_function_creators=1, or run the SQL of `saas-export install --print`.',
        cause,
      });
    default:
      return cause;
  }
}
