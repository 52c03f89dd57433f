import { ok, problem, type Check, type Finding } from '../finding.js';

const LEAST_NODE = [20, 19];

/** Least versions of the database servers; both share the SQL that is used. */
const LEAST = { MariaDB: [10, 6], MySQL: [8, 0] } as const;

/** Since then workflows can be updated without a setting of the server. */
const LEAST_TEMPORAL = [1, 25];

/** Versions of Node, of the database servers, and of Temporal's server. */
export const versions: Check = {
  name: 'versions',
  async run({ shop, own, temporal }) {
    const findings: Finding[] = [nodeFinding(process.versions.node)];
    for (const [label, database] of [
      ['Commerce', shop],
      ['the exporter', own],
    ] as const) {
      const row = await database?.row<{ version: string }>('SELECT VERSION() AS version');
      if (row !== undefined) findings.push(serverFinding(label, row.version));
    }
    const system = await temporal?.workflowService.getSystemInfo({});
    if (system !== undefined) findings.push(temporalFinding(system.serverVersion));
    return findings;
  },
};

export function nodeFinding(version: string): Finding {
  if (atLeast(version, LEAST_NODE)) return ok(`Node is ${version}.`);
  return problem(
    `Node is ${version}.`,
    'Older versions than 20.19 are not tested, and lack what the program uses.',
    'Install Node 20.19 or newer.',
  );
}

export function serverFinding(label: string, version: string): Finding {
  const product = /mariadb/i.test(version) ? 'MariaDB' : 'MySQL';
  const least = LEAST[product];
  const what = `The database server of ${label} is ${product} ${version}.`;
  if (atLeast(version, least)) return ok(what);
  return problem(
    what,
    'It lacks JSON_TABLE or window functions, with which entities are read.',
    `Upgrade to ${product} ${least.join('.')} or newer.`,
  );
}

export function temporalFinding(version: string): Finding {
  // Temporal Cloud tells none.
  if (version === '' || atLeast(version, LEAST_TEMPORAL)) {
    return ok(
      `The Temporal server is ${version === '' ? 'of a version it does not tell' : version}.`,
    );
  }
  return problem(
    `The Temporal server is ${version}.`,
    'It lacks updates of workflows, by which pause and resume answer.',
    `Upgrade it to ${LEAST_TEMPORAL.join('.')} or newer.`,
  );
}

function atLeast(version: string, [major = 0, minor = 0]: readonly number[]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
