import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { ExportError } from '../../errors/export-error.js';
import { cacheFolder, type Environment, findCommand, runCommand } from './commands.js';
import { installPackages, type InstallOptions, whyNoPackages } from './packages.js';

/** Where servers are that packages put outside of the usual PATH. */
const SERVER_FOLDERS = [
  '/usr/sbin',
  '/usr/bin',
  '/usr/libexec',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/local/mariadb/bin',
  '/usr/local/mysql/bin',
  '/opt/homebrew/bin',
];

export interface FindMariaDbOptions extends InstallOptions {
  /** Where to look beside the PATH. Default: where packages put servers. */
  readonly folders?: readonly string[];
}

export interface MariaDbBinaries {
  /** The path of `mariadbd` or `mysqld`. */
  readonly server: string;
  readonly product: 'mariadb' | 'mysql';
  /** What the server says of itself: `mariadbd  Ver 10.11.19-MariaDB …`. */
  readonly version: string;
}

/**
 * The MariaDB or MySQL server of this machine; if there is none, and this is root on Debian or
 * Ubuntu, MariaDB's package is installed.
 *
 * @throws ExportError `SDE50-02` naming what was tried.
 */
export async function findMariaDb(options: FindMariaDbOptions): Promise<MariaDbBinaries> {
  const { environment, folders = SERVER_FOLDERS } = options;
  const findServer = () => findCommand(['mariadbd', 'mysqld'], environment, folders);
  const found = findServer();
  if (found !== undefined) return describe(found, environment);
  const tries = [`no mariadbd or mysqld on the PATH or in ${folders.join(', ')}`];
  const obstacle = whyNoPackages(environment);
  let cause: unknown;
  if (obstacle === undefined) {
    // The core packages hold the programs without the service; older releases lack those names.
    for (const packages of [['mariadb-server-core', 'mariadb-client-core'], ['mariadb-server']]) {
      try {
        await installPackages(packages, options);
        const installed = findServer();
        if (installed !== undefined) return await describe(installed, environment);
        tries.push(`${packages.join(' ')} installed, but it brought no server`);
      } catch (error) {
        cause = error;
        tries.push(`${packages.join(' ')}: ${error instanceof Error ? error.message : 'failed'}`);
      }
    }
  } else {
    tries.push(`not installed from packages: ${obstacle}`);
  }
  throw new ExportError('SDE50-02', {
    message: `No MariaDB or MySQL server was found:\n${tries.map((line) => `- ${line}`).join('\n')}`,
    cause,
  });
}

/**
 * An initialised, empty data folder to copy, made once for each version of the server: copying its
 * 22 MB takes 30 ms, making it a second or more.
 */
export async function dataTemplate(
  binaries: MariaDbBinaries,
  environment: Environment,
): Promise<string> {
  const key = createHash('sha256').update(binaries.server).update(binaries.version).digest('hex');
  const template = join(cacheFolder(environment), 'mariadb', `data-${key.slice(0, 16)}`);
  if (existsSync(template)) return template;
  await mkdir(dirname(template), { recursive: true, mode: 0o700 });
  const unfinished = await mkdtemp(`${template}.`);
  try {
    // Not the system's folder, from which it would remove other servers' temporary tables.
    await initialise(binaries, unfinished, { ...environment, TMPDIR: dirname(template) });
    await rename(unfinished, template);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process may have finished the same first.
    if (existsSync(template)) return template;
    if (error instanceof ExportError) throw error;
    throw new ExportError('SDE50-03', {
      message: 'A data folder for the private MariaDB could not be made.',
      cure: `Read the cause; is there space in ${dirname(template)}?`,
      cause: error,
    });
  }
  return template;
}

/** `--user=root` where this is root: the servers refuse to run as root unless told to. */
export function userArguments(): readonly string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

async function initialise(
  { server, product }: MariaDbBinaries,
  folder: string,
  environment: Environment,
): Promise<void> {
  const common = [...userArguments(), `--datadir=${folder}`];
  if (product === 'mysql') {
    await runCommand(server, ['--no-defaults', '--initialize-insecure', ...common], {
      environment,
    });
    return;
  }
  const beside = dirname(server);
  const installer = findCommand(['mariadb-install-db', 'mysql_install_db'], environment, [
    '/usr/bin',
    beside,
    join(beside, '../bin'),
    join(beside, '../scripts'),
  ]);
  if (installer === undefined) {
    throw new ExportError('SDE50-02', {
      message: `${server} is here, but not mariadb-install-db, which makes its data folder.`,
    });
  }
  await runCommand(
    installer,
    [
      '--no-defaults',
      ...common,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      // The smallest there is; the server makes one of the size it is started with.
      '--innodb-log-file-size=4M',
    ],
    { environment },
  );
}

async function describe(server: string, environment: Environment): Promise<MariaDbBinaries> {
  const version = (
    await runCommand(server, ['--no-defaults', '--version'], { environment })
  ).trim();
  return { server, product: /mariadb/i.test(version) ? 'mariadb' : 'mysql', version };
}
