import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withLock } from './lock.mjs';
import { SetUpError, step } from './steps.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src');
const dist = join(root, 'dist');
const stamp = join(dist, '.built-from');

/**
 * Installs dependencies and builds, each only if needed. Processes that want the same at once wait
 * for the first.
 */
export async function setUp(stream) {
  if (areInstalled() && isBuilt()) return;
  const onWait = (owner) => stream.write(`Waiting for the set-up by process ${owner} …\n`);
  await withLock(join(root, '.cache', 'setup.lock'), onWait, async () => {
    if (!areInstalled()) await step(stream, 'Installing dependencies', install);
    if (!isBuilt()) await build(stream);
  });
}

/** Whether dist/ was built from the sources as they are now: a few milliseconds, as nothing is read. */
export function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint();
}

/** Names, sizes and times of all that goes into dist/. */
function fingerprint() {
  const hash = createHash('sha1');
  const files = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/setup.mjs'];
  for (const file of [...files.map((name) => join(root, name)), ...sourceFiles(source)]) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file.slice(root.length)}:${size}:${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/**
 * Whether node_modules holds what package-lock.json asks for. Times alone do not tell: a copy or a
 * checkout renews them.
 */
function areInstalled() {
  const wanted = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return true;
  const packages = JSON.parse(readFileSync(wanted, 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(packages).every(
    ([path, { version, optional }]) =>
      path === '' || present[path]?.version === version || (optional && !(path in present)),
  );
}

/** npm as a command: the one that runs this process, or that of the PATH. */
export const npm = process.env.npm_execpath?.endsWith('.js')
  ? [process.execPath, process.env.npm_execpath]
  : ['npm'];

async function install() {
  const quietly = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const failure = 'The dependencies could not be installed';
  try {
    await run([...npm, 'ci', ...quietly], failure);
  } catch (error) {
    // `npm ci` refuses a lock file made where the registry lacks the optional packages of another
    // platform; an installation takes the same versions from it.
    if (!/EUSAGE/.test(error.message)) throw error;
    await run([...npm, 'install', '--no-save', ...quietly], failure);
  }
}

async function build(stream) {
  const before = fingerprint();
  rmSync(stamp, { force: true });
  await step(stream, 'Compiling', async () => {
    // Types are checked by `npm run check`: here that would take three times as long.
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    await run(
      [process.execPath, tsc, '-p', 'tsconfig.build.json', '--noCheck'],
      'The sources do not compile',
    );
    removeLeftovers();
    await copyOtherFiles();
  });
  await step(stream, 'Bundling workflows', () => {
    // In a process of its own: the bundler takes memory that the program does not need.
    const module = JSON.stringify(pathToFileURL(join(dist, 'worker', 'bundle.js')).href);
    const script = `(await import(${module})).writeWorkflowBundles()`;
    return run(
      [process.execPath, '--input-type=module', '-e', `await ${script}`],
      'The workflows could not be bundled',
    );
  });
  writeFileSync(stamp, before);
}

/** Removes what was compiled from sources that are gone. */
function removeLeftovers() {
  for (const entry of readdirSync(dist, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const [, name] = /^(.*)\.(js|js\.map|d\.ts)$/.exec(file.slice(dist.length)) ?? [];
    if (name === undefined || name.startsWith('/workflow-bundle')) continue;
    if (!existsSync(`${source}${name}.ts`) && !existsSync(join(source, file.slice(dist.length)))) {
      rmSync(file);
    }
  }
}

/** Pages, styles, templates: everything of src/ that is not TypeScript. */
async function copyOtherFiles() {
  for (const file of sourceFiles(source).filter((name) => !name.endsWith('.ts'))) {
    const target = join(dist, file.slice(source.length));
    await mkdir(dirname(target), { recursive: true });
    await cp(file, target);
  }
}

/** Runs a command and shows what it printed only if it fails. */
export async function run([command, ...args], failure, signal) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], signal });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  const code = await new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new SetUpError(`${failure}: ${cause.message}`)));
    child.once('close', resolve);
  });
  if (code !== 0) throw new SetUpError(`${failure}:\n${said.trim()}`);
}
