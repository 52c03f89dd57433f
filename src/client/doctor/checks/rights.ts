import type { DoctorDatabase } from '../doctor-database.js';
import { ok, problem, warning, type Check, type Finding } from '../finding.js';

const OWN_RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'ALTER', 'INDEX'];

/** Rights of the two accounts, as the server lists them. */
export const rights: Check = {
  name: 'rights',
  async run({ shop, own, configuration }) {
    const findings: Finding[] = [];
    const triggers = configuration.commerce.capture === 'triggers';
    if (shop !== undefined) {
      const needed = triggers ? ['SELECT', 'INSERT', 'DELETE', 'CREATE', 'TRIGGER'] : ['SELECT'];
      findings.push(await rightsFinding('the Commerce database', shop, needed));
    }
    if (own !== undefined) {
      findings.push(await rightsFinding('the exporter’s database', own, OWN_RIGHTS));
    }
    return findings;
  },
};

async function rightsFinding(
  label: string,
  database: DoctorDatabase,
  needed: readonly string[],
): Promise<Finding> {
  const account = await database.row<{ account: string; role: string | null }>(
    'SELECT CURRENT_USER() AS account, CURRENT_ROLE() AS role',
  );
  const name = account?.account ?? '';
  const grants = await database.rows<Record<string, string>>('SHOW GRANTS');
  const missing = missingRights(
    grants.flatMap((row) => Object.values(row)),
    database.schema,
    needed,
  );
  if (missing.length === 0) return ok(`The account ${name} has the rights it needs in ${label}.`);
  const list = missing.join(', ');
  const cure = `GRANT ${list} ON \`${database.schema}\`.* TO ${quoted(name)}`;
  const why = missing.includes('SELECT')
    ? 'Without them nothing can be exported.'
    : 'They are needed to install and to capture changes.';
  // Rights on single tables are not looked at.
  return missing.includes('SELECT')
    ? problem(`The account ${name} lacks ${list} in ${label}.`, why, cure)
    : warning(`The account ${name} lacks ${list} in ${label}.`, why, cure);
}

/** Those of the needed rights that no grant on the server or on the schema gives. */
export function missingRights(
  grants: readonly string[],
  schema: string,
  needed: readonly string[],
): string[] {
  const held = new Set<string>();
  for (const grant of grants) {
    const match = /^GRANT (.+) ON (?:TABLE )?(\*|`[^`]*`)\.\* TO /i.exec(grant);
    if (match === null) continue;
    const [, list = '', place = ''] = match;
    if (place !== '*' && !matches(place.slice(1, -1), schema)) continue;
    for (const right of list.split(',')) held.add(right.trim().toUpperCase());
  }
  return held.has('ALL PRIVILEGES') ? [] : needed.filter((right) => !held.has(right));
}

/** Names of schemas in grants are patterns: `%` and `_`, which a backslash takes literally. */
function matches(pattern: string, schema: string): boolean {
  const source = pattern.replace(/\\[_%]|[_%]|[.*+?^${}()|[\]\\]/g, (found) => {
    if (found === '%') return '.*';
    if (found === '_') return '.';
    return found.length === 2 ? found.slice(1) : `\\${found}`;
  });
  return new RegExp(`^${source}$`, 'i').test(schema);
}

function quoted(account: string): string {
  const at = account.lastIndexOf('@');
  return `'${account.slice(0, at)}'@'${account.slice(at + 1)}'`;
}
