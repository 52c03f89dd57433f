import colors from 'picocolors';

import { diagnose, type Diagnosis } from '../doctor/doctor.js';
import type { Level } from '../doctor/finding.js';
import { configurationFor, print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { EXIT } from '../errors.js';

/** Looks at everything the exporter depends on; exit code 1 where something is wrong. */
export async function doctor(flags: ConnectionFlags & JsonFlag): Promise<void> {
  const diagnosis = await diagnose(await configurationFor(flags));
  print(flags.json, diagnosis, () => diagnosisText(diagnosis));
  if (!diagnosis.healthy) process.exitCode = EXIT.failed;
}

const MARKS: Readonly<Record<Level, string>> = {
  ok: colors.green('✓'),
  warning: colors.yellow('!'),
  problem: colors.red('✗'),
  skipped: colors.dim('–'),
};

function diagnosisText({ findings, problems, warnings }: Diagnosis): string {
  const lines = findings.flatMap(({ level, check, what, why, cure }) => [
    `${MARKS[level]} ${colors.dim(`${check}:`)} ${what}`,
    ...(why === null ? [] : [`    why:  ${why}`]),
    ...(cure === null ? [] : [`    cure: ${cure}`]),
  ]);
  const summary =
    problems === 0
      ? `Nothing is wrong${warnings === 0 ? '' : `; ${warnings} warnings`}.`
      : `${problems} problems and ${warnings} warnings.`;
  return [...lines, '', colors.bold(summary)].join('\n');
}
