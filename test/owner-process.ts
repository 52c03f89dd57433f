import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

import ts from 'typescript';
import { afterAll } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders: string[] = [];
const owners: ChildProcess[] = [];

afterAll(() => {
  for (const owner of owners) owner.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A process of its own that runs a script and says one line of JSON. */
export interface Owner<Said> {
  readonly said: Said;
  /** Ends it by a signal and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Runs a script in another process, which tests can kill. The script imports `${sources}/….js`, the
 * sources as they are now, from the folders named; `say(value)` gives the test a value, after which
 * the script stays until it is ended.
 */
export async function startOwner<Said>(
  sourceFolders: readonly string[],
  script: (sources: string) => string,
): Promise<Owner<Said>> {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache', 'owner-'));
  folders.push(folder);
  for (const name of sourceFolders) compile(join(root, 'src', name), folder);
  const file = join(folder, 'owner.mjs');
  writeFileSync(
    file,
    `const say = (value) => console.log(JSON.stringify(value));
    ${script(pathToFileURL(folder).href)}
    setInterval(() => {}, 60_000);`,
  );
  const owner = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  owners.push(owner);
  const gone = new Promise<void>((resolve) => owner.once('exit', () => resolve()));
  const said = await new Promise<Said>((resolve, reject) => {
    createInterface({ input: owner.stdout }).once('line', (line) => {
      resolve(JSON.parse(line) as Said);
    });
    void gone.then(() => reject(new Error('the owner ended before it said anything')));
  });
  return {
    said,
    end: async (signal) => {
      owner.kill(signal);
      await gone;
    },
  };
}

function compile(source: string, target: string): void {
  for (const entry of readdirSync(source, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/(?<!\.test)\.ts$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const compiled = join(target, relative(join(root, 'src'), file).replace(/\.ts$/, '.js'));
    mkdirSync(dirname(compiled), { recursive: true });
    writeFileSync(compiled, outputText);
  }
}
