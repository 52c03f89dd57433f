import { ok, problem, warning, type Check, type Finding } from '../finding.js';

/** What a server is set to; names as the server has them. */
export interface ServerSettings {
  readonly logBin: number;
  readonly trustsCreators: number;
  readonly binlogFormat: string;
  readonly sqlMode: string;
  readonly maxAllowedPacket: number;
}

/** A feed table's row and a request of a hundred rows fit into it. */
const LEAST_PACKET = 16 * 1024 * 1024;

/** Settings of the database servers that stand in the way. */
export const serverSettings: Check = {
  name: 'server settings',
  async run({ shop, own, configuration }) {
    const findings: Finding[] = [];
    for (const [label, database] of [
      ['Commerce', shop],
      ['the exporter', own],
    ] as const) {
      const settings = await database?.row<ServerSettings>(
        `SELECT @@log_bin AS logBin, @@log_bin_trust_function_creators AS trustsCreators,
                @@binlog_format AS binlogFormat, @@global.sql_mode AS sqlMode,
                @@max_allowed_packet AS maxAllowedPacket`,
      );
      if (settings === undefined) continue;
      const triggers = database === shop && configuration.commerce.capture === 'triggers';
      const found = settingFindings(label, settings, triggers);
      findings.push(...found);
      if (found.length === 0) findings.push(ok(`The settings of the server of ${label} are good.`));
    }
    return findings;
  },
};

export function settingFindings(
  label: string,
  settings: ServerSettings,
  triggers: boolean,
): Finding[] {
  const findings: Finding[] = [];
  if (triggers && settings.logBin === 1 && settings.trustsCreators !== 1) {
    findings.push(
      problem(
        `The server of ${label} writes a binary log and log_bin_trust_function_creators is off.`,
        'Without it only an account with SUPER may create triggers, so changes cannot be captured.',
        'SET GLOBAL log_bin_trust_function_creators = 1, and the same in the server’s configuration file.',
      ),
    );
  }
  if (triggers && settings.logBin === 1 && settings.binlogFormat.toUpperCase() === 'STATEMENT') {
    findings.push(
      warning(
        `The binary log of the server of ${label} holds statements (binlog_format = STATEMENT).`,
        'What triggers write may get other numbers on a replica.',
        'Set binlog_format to ROW or MIXED.',
      ),
    );
  }
  const modes = settings.sqlMode.toUpperCase().split(',');
  if (modes.includes('NO_BACKSLASH_ESCAPES')) {
    findings.push(
      problem(
        `The server of ${label} has NO_BACKSLASH_ESCAPES in its sql_mode.`,
        'Values with backslashes and quotes would be written wrongly.',
        'Take NO_BACKSLASH_ESCAPES out of sql_mode.',
      ),
    );
  }
  if (modes.includes('ANSI_QUOTES')) {
    findings.push(
      warning(
        `The server of ${label} has ANSI_QUOTES in its sql_mode.`,
        'Commerce does not work with it.',
        'Take ANSI_QUOTES out of sql_mode.',
      ),
    );
  }
  if (settings.maxAllowedPacket < LEAST_PACKET) {
    findings.push(
      warning(
        `max_allowed_packet of the server of ${label} is ${Math.round(settings.maxAllowedPacket / 1024)} KiB.`,
        'Large items, and statements with many items, do not fit into it.',
        'Set max_allowed_packet to 64M.',
      ),
    );
  }
  return findings;
}
