import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { type Environment, findCommand, isExecutable, runCommand } from './commands.js';
import { installPackages, type InstallOptions, whyNoPackages } from './packages.js';
import { reported } from './progress.js';

/** Since this version Go fetches the toolchain that a module asks for. */
const FETCHES_TOOLCHAINS = 21;

/** The toolchain that the Temporal CLI's go.mod asks for. */
const TOOLCHAIN = '1.25.0';

/**
 * A Go that can build the Temporal CLI: the one that is here, else, as root on Debian or Ubuntu,
 * the distribution's. One older than 1.21 is used to fetch a newer one, which Go publishes as a
 * module.
 *
 * @throws Error saying what is missing.
 */
export async function findGo(
  options: InstallOptions & { readonly goFolders?: readonly string[] },
): Promise<string> {
  const { environment, goFolders = ['/usr/local/go/bin', '/usr/lib/go/bin'] } = options;
  const here = findCommand(['go'], environment, goFolders);
  if (here !== undefined) return newEnough(here, options);
  const obstacle = whyNoPackages(environment);
  if (obstacle !== undefined) throw new Error(`Go is not here, and ${obstacle}`);
  await installPackages(['golang-go', 'ca-certificates'], options);
  return newEnough('/usr/bin/go', options);
}

async function newEnough(go: string, options: InstallOptions): Promise<string> {
  const { environment, report, signal } = options;
  const version = await runCommand(go, ['version'], { environment });
  const minor = Number(/go1\.(\d+)/.exec(version)?.[1]);
  if (minor >= FETCHES_TOOLCHAINS) return go;
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  return reported(report, `Fetching Go ${TOOLCHAIN}`, async () => {
    const module = `golang.org/toolchain@v0.0.1-go${TOOLCHAIN}.${platform}`;
    const answer = await runCommand(go, ['mod', 'download', '-json', module], {
      environment: { ...environment, GOFLAGS: '-modcacherw' },
      signal,
    });
    const folder = (JSON.parse(answer) as { readonly Dir: string }).Dir;
    await makeExecutable(folder, environment);
    const fetched = join(folder, 'bin', 'go');
    if (!isExecutable(fetched)) throw new Error(`there is no ${fetched}`);
    return fetched;
  });
}

/** Files of a module lose the permission to be run; those of a toolchain need it. */
async function makeExecutable(folder: string, environment: Environment): Promise<void> {
  const tools = join(folder, 'pkg', 'tool');
  const platforms = (await readdir(tools)).map((name) => join(tools, name));
  await runCommand('chmod', ['-R', 'a+x', join(folder, 'bin'), ...platforms], { environment });
}
