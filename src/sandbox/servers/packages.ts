import { type Environment, findCommand, runCommand } from './commands.js';
import { type Report, reported } from './progress.js';

export interface InstallOptions {
  readonly environment: Environment;
  readonly report: Report;
  readonly signal?: AbortSignal | undefined;
}

/** Why packages of the distribution cannot be installed here, or undefined if they can. */
export function whyNoPackages(environment: Environment): string | undefined {
  if (findCommand(['apt-get'], environment) === undefined) return 'apt-get is not here';
  if (process.getuid?.() !== 0) return 'apt-get needs root';
  return undefined;
}

/**
 * Installs packages of Debian or Ubuntu. Their services are not started: `RUNLEVEL=1` is what
 * invoke-rc.d looks at where no systemd runs.
 */
export async function installPackages(
  names: readonly string[],
  { environment, report, signal }: InstallOptions,
): Promise<void> {
  const apt = ['apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=120'];
  const run = (...args: string[]) =>
    runCommand('/usr/bin/env', [...apt, ...args], {
      environment: { ...environment, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
      signal,
    });
  await reported(report, `Installing ${names.join(' ')}`, async () => {
    await run('update');
    await run('install', '--no-install-recommends', ...names);
  });
}
