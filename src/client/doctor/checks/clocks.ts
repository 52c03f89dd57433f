import { ok, problem, type Check, type Finding } from '../finding.js';

const SECONDS = 30;

/** Whether the clocks of the database servers and of this machine agree. */
export const clocks: Check = {
  name: 'clocks',
  async run({ shop, own, clock }) {
    const findings: Finding[] = [];
    for (const [label, database] of [
      ['Commerce', shop],
      ['the exporter', own],
    ] as const) {
      const row = await database?.row<{ seconds: number | string }>(
        'SELECT UNIX_TIMESTAMP(NOW(3)) AS seconds',
      );
      if (row !== undefined) {
        findings.push(clockFinding(label, Number(row.seconds), clock().getTime() / 1000));
      }
    }
    return findings;
  },
};

export function clockFinding(label: string, theirs: number, ours: number): Finding {
  const seconds = Math.round(ours - theirs);
  if (Math.abs(seconds) <= SECONDS) {
    return ok(`The clocks of this machine and of the database server of ${label} agree.`);
  }
  return problem(
    `The clock of the database server of ${label} is ${Math.abs(seconds)} seconds ${seconds > 0 ? 'behind' : 'ahead'}.`,
    'Stamps come from the database’s clock: the service keeps the newest version, and an item with a stamp of tomorrow hides later changes.',
    'Synchronise the clocks of both machines (chrony, systemd-timesyncd).',
  );
}
