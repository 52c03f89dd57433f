import type { ExistingTrigger } from './existing-triggers.js';
import type { CaptureFinding } from './health.js';
import type { Sql } from './sql.js';
import type { CapturePlan } from './triggers.js';

/** What of the server's settings and accounts gets in the way of triggers. */
export async function serverFindings(
  shop: Sql,
  plan: CapturePlan,
  existing: readonly ExistingTrigger[],
): Promise<CaptureFinding[]> {
  return [...(await binaryLogFindings(shop)), ...(await definerFindings(shop, plan, existing))];
}

async function binaryLogFindings(shop: Sql): Promise<CaptureFinding[]> {
  const [row] = await shop.rows<{ log: number; trusted: number; format: string }>(
    `SELECT @@log_bin AS \`log\`, @@log_bin_trust_function_creators AS trusted,
       @@binlog_format AS \`format\``,
  );
  if (row === undefined || row.log !== 1) return [];
  const findings: CaptureFinding[] = [];
  if (row.trusted !== 1 && !(await isSuper(shop))) {
    findings.push({
      kind: 'binary-log-trust',
      tables: [],
      message:
        'The server writes a binary log and does not trust creators of triggers, so this account cannot repair any.',
      cure: 'Have an administrator set log_bin_trust_function_creators=1.',
      gap: false,
    });
  }
  if (row.format === 'STATEMENT') {
    findings.push({
      kind: 'binary-log-format',
      tables: [],
      message:
        'The binary log holds statements: what triggers write may get other numbers on a replica.',
      cure: 'Have an administrator set binlog_format=ROW or MIXED.',
      gap: false,
    });
  }
  return findings;
}

async function isSuper(shop: Sql): Promise<boolean> {
  const rows = await shop.rows<Record<string, string>>('SHOW GRANTS');
  return rows.some((row) =>
    Object.values(row).some((grant) => /\b(SUPER|ALL PRIVILEGES)\b.* ON \*\.\*/.test(grant)),
  );
}

/** A trigger whose definer is gone makes the shop's statement fail (1449). */
async function definerFindings(
  shop: Sql,
  plan: CapturePlan,
  existing: readonly ExistingTrigger[],
): Promise<CaptureFinding[]> {
  const findings: CaptureFinding[] = [];
  for (const account of new Set(existing.map(({ definer }) => definer))) {
    if ((await accountExists(shop, account)) !== false) continue;
    const names = new Set(
      existing.filter(({ definer }) => definer === account).map(({ name }) => name),
    );
    const tables = plan.triggers.filter(({ name }) => names.has(name));
    findings.push({
      kind: 'definer-gone',
      tables: [...new Set(tables.flatMap(({ notes }) => notes))],
      message: `The account ${account} that triggers run as does not exist: the shop’s writes fail (error 1449).`,
      cure: 'Create the account again, or set CAPTURE_DEFINER to one that stays and run `saas-export install`, at once.',
      gap: true,
    });
  }
  return findings;
}

/** Undefined where the account may not look. */
async function accountExists(shop: Sql, account: string): Promise<boolean | undefined> {
  const at = account.lastIndexOf('@');
  const [current] = await shop.rows<{ account: string }>('SELECT CURRENT_USER() AS account');
  if (current?.account === account) return true;
  try {
    const rows = await shop.rows('SELECT 1 AS yes FROM mysql.user WHERE user = ? AND host = ?', [
      account.slice(0, at),
      account.slice(at + 1),
    ]);
    return rows.length > 0;
  } catch {
    return undefined;
  }
}
