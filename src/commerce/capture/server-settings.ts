import type { ExistingTrigger } from './existing-triggers.js';
import type { CaptureFinding } from './health.js';
import { errorNumber, type Sql } from './sql.js';
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

/** Without its definer, or its right to triggers, a trigger makes the shop's statement fail. */
async function definerFindings(
  shop: Sql,
  plan: CapturePlan,
  existing: readonly ExistingTrigger[],
): Promise<CaptureFinding[]> {
  const findings: CaptureFinding[] = [];
  for (const account of new Set(existing.map(({ definer }) => definer))) {
    const state = await definerState(shop, plan.shop.place.schema, account);
    if (state === 'good' || state === 'unknown') continue;
    const names = new Set(
      existing.filter(({ definer }) => definer === account).map(({ name }) => name),
    );
    const triggers = plan.triggers.filter(({ name }) => names.has(name));
    findings.push({
      kind: 'definer-unusable',
      tables: [...new Set(triggers.flatMap(({ notes }) => notes))],
      message:
        state === 'gone'
          ? `The account ${account} that triggers run as does not exist: the shop’s writes fail (error 1449).`
          : `The account ${account} that triggers run as has no right TRIGGER: the shop’s writes fail (error 1142).`,
      cure: 'Give the account back what it had, or set CAPTURE_DEFINER to one that stays and run `saas-export install`, at once.',
      gap: true,
    });
  }
  return findings;
}

type DefinerState = 'good' | 'gone' | 'without-rights' | 'unknown';

async function definerState(shop: Sql, schema: string, account: string): Promise<DefinerState> {
  const at = account.lastIndexOf('@');
  const [user, host] = [account.slice(0, at), account.slice(at + 1)];
  const accounts = await rowsIfAllowed(shop, 'SELECT user, host FROM mysql.user WHERE user = ?', [
    user,
  ]);
  // Without the right to look at all accounts, other accounts' rights are not shown either.
  if (accounts === undefined) return 'unknown';
  if (!accounts.some((row) => Object.values(row).includes(host))) return 'gone';
  const grantee = `'${user}'@'${host}'`;
  const rights = await shop.rows(
    `SELECT 1 AS yes FROM information_schema.user_privileges
       WHERE grantee = ? AND privilege_type = 'TRIGGER'
     UNION ALL SELECT 1 FROM information_schema.schema_privileges
       WHERE grantee = ? AND privilege_type = 'TRIGGER' AND ? LIKE table_schema
     UNION ALL SELECT 1 FROM information_schema.table_privileges
       WHERE grantee = ? AND privilege_type = 'TRIGGER' AND table_schema = ?
     LIMIT 1`,
    [grantee, grantee, schema, grantee, schema],
  );
  return rights.length > 0 ? 'good' : 'without-rights';
}

async function rowsIfAllowed(
  shop: Sql,
  sql: string,
  values: readonly unknown[],
): Promise<Record<string, unknown>[] | undefined> {
  try {
    return await shop.rows<Record<string, unknown>>(sql, values);
  } catch (error) {
    if ([1044, 1142, 1143].includes(errorNumber(error) ?? 0)) return undefined;
    throw error;
  }
}
