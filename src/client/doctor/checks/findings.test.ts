import { describe, expect, test } from 'vitest';

import { pendingFinding } from './backlog.js';
import { clockFinding as databaseClock } from './clocks.js';
import { freeFinding } from './disk.js';
import { missingRights } from './rights.js';
import { settingFindings } from './server-settings.js';
import { clockFinding, pingFinding } from './service.js';
import { zoneFinding } from './time-zones.js';
import { nodeFinding, serverFinding, temporalFinding } from './versions.js';

const GIB = 1024 ** 3;

test.each([
  [nodeFinding('20.19.0'), 'ok'],
  [nodeFinding('22.1.0'), 'ok'],
  [nodeFinding('20.18.9'), 'problem'],
  [serverFinding('Commerce', '10.11.19-MariaDB-0+deb12u1'), 'ok'],
  [serverFinding('Commerce', '10.5.2-MariaDB'), 'problem'],
  [serverFinding('Commerce', '8.0.36'), 'ok'],
  [serverFinding('Commerce', '5.7.44-log'), 'problem'],
  [temporalFinding('1.28.1'), 'ok'],
  [temporalFinding(''), 'ok'],
  [temporalFinding('1.24.2'), 'problem'],
  [pingFinding('u', 200), 'ok'],
  [pingFinding('u', 403), 'problem'],
  [pingFinding('u', 404), 'skipped'],
  [pingFinding('u', 503), 'warning'],
  [databaseClock('Commerce', 1000, 1029), 'ok'],
  [databaseClock('Commerce', 1000, 1060), 'problem'],
  [clockFinding(undefined, new Date()), 'skipped'],
  [clockFinding('Sun, 22 Nov 2026 08:00:00 GMT', new Date('2026-11-22T08:00:20Z')), 'ok'],
  [clockFinding('Sun, 22 Nov 2026 08:00:00 GMT', new Date('2026-11-22T08:10:00Z')), 'problem'],
  [freeFinding('x', '/', 6 * GIB), 'ok'],
  [freeFinding('x', '/', 2 * GIB), 'warning'],
  [freeFinding('x', '/', GIB / 2), 'problem'],
])('%o is %s', (finding, level) => {
  expect(finding.level).toBe(level);
  // A finding that is none needs no cure; all others tell one.
  const isFine = level === 'ok' || level === 'skipped';
  expect(finding.cure === null).toBe(isFine);
  expect(finding.why === null).toBe(isFine);
});

test('changes that wait are told by the age of the oldest', () => {
  const row = { feed: 'products', entities: 7 };
  expect(pendingFinding({ ...row, minutes: 14 })).toEqual([]);
  expect(pendingFinding({ ...row, minutes: 15 })[0]?.level).toBe('warning');
  expect(pendingFinding({ ...row, minutes: 60 })[0]?.level).toBe('problem');
});

test('a time zone of the shop that is none is named with its scope', () => {
  expect(zoneFinding('default', 'Europe/Berlin')).toEqual([]);
  expect(zoneFinding('websites 2', 'Berlin')[0]?.what).toContain('of websites 2 is “Berlin”');
});

describe('settings of a server', () => {
  const good = {
    logBin: 1,
    trustsCreators: 1,
    binlogFormat: 'ROW',
    sqlMode: 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
    maxAllowedPacket: 64 * 1024 * 1024,
  };

  test('that are good lead to no finding', () => {
    expect(settingFindings('Commerce', good, true)).toEqual([]);
  });

  test.each([
    [{ trustsCreators: 0 }, true, 'log_bin_trust_function_creators'],
    [{ trustsCreators: 0 }, false, undefined],
    [{ trustsCreators: 0, logBin: 0 }, true, undefined],
    [{ binlogFormat: 'STATEMENT' }, true, 'binlog_format'],
    [{ sqlMode: 'NO_BACKSLASH_ESCAPES' }, false, 'NO_BACKSLASH_ESCAPES'],
    [{ sqlMode: 'ANSI_QUOTES' }, false, 'ANSI_QUOTES'],
    [{ maxAllowedPacket: 1024 * 1024 }, false, 'max_allowed_packet'],
  ])('%o with triggers %s: %s', (change, triggers, named) => {
    const findings = settingFindings('Commerce', { ...good, ...change }, triggers);
    expect(findings.length).toBe(named === undefined ? 0 : 1);
    if (named !== undefined) expect(JSON.stringify(findings)).toContain(named);
  });
});

describe('rights are missing', () => {
  test.each<[string, string[], string[]]>([
    [
      'none on everything',
      ['GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION'],
      [],
    ],
    ['none on the schema', ['GRANT SELECT, TRIGGER ON `shop`.* TO `a`@`%`'], []],
    ['none by a pattern', ['GRANT SELECT, TRIGGER ON `sh_p`.* TO `a`@`%`'], []],
    [
      'of another schema',
      ['GRANT SELECT, TRIGGER ON `shop\\_2`.* TO `a`@`%`'],
      ['SELECT', 'TRIGGER'],
    ],
    [
      'in part',
      ['GRANT USAGE ON *.* TO `a`@`%`', 'GRANT SELECT ON `shop`.* TO `a`@`%`'],
      ['TRIGGER'],
    ],
    ['all', ['GRANT USAGE ON *.* TO `a`@`%`'], ['SELECT', 'TRIGGER']],
  ])('%s', (_, grants, missing) => {
    expect(missingRights(grants, 'shop', ['SELECT', 'TRIGGER'])).toEqual(missing);
  });
});
