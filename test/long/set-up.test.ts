import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Most tests compile, some twice, which takes long where tests have little of the machine.
vi.setConfig({ testTimeout: 240_000 });

let checkout = '';

/** A checkout with the tools of this one and a small program. */
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'set-up-test-'));
  const copied = ['bin', 'scripts', 'src/sandbox/servers', 'src/errors'];
  const files = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  for (const name of [...copied, ...files]) {
    cpSync(join(root, name), join(checkout, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  write('vitest.config.ts', `export default { test: { include: ['test/**/*.test.ts'] } };`);
  write(
    'src/worker/bundle.ts',
    `import { writeFile } from 'node:fs/promises';
     import { fileURLToPath } from 'node:url';
     const target = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
     export const writeWorkflowBundles = () => writeFile(target, 'bundled');`,
  );
  program('one');
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

const BUILDING = 'Compiling … \\d+ s\nBundling workflows … \\d+ s\n';

describe('the program in a checkout', () => {
  test('is built first, which is told on standard error only', async () => {
    const ran = await run('bin/saas-export.mjs', 'a', 'b c');
    expect(ran).toEqual({
      code: 3,
      out: 'one ["a","b c"]\n',
      error: expect.stringMatching(`^${BUILDING}$`) as string,
    });
    expect(existsSync(join(checkout, 'dist/workflow-bundle.js'))).toBe(true);
  });

  test('is not built again while no source changes', async () => {
    write('src/client/main.test.ts', 'not even TypeScript');
    expect(await run('bin/saas-export.mjs')).toEqual({ code: 3, out: 'one []\n', error: '' });
  });

  test('is built by one process when several start at once', async () => {
    program('two');
    const ran = await Promise.all([run('bin/saas-export.mjs'), run('bin/saas-export.mjs')]);
    expect(ran.map(({ out }) => out)).toEqual(['two []\n', 'two []\n']);
    const built = ran.filter(({ error }) => error.includes('Compiling'));
    expect(built).toHaveLength(1);
  });

  test('has nothing left of a source that was removed', async () => {
    write('src/client/other.ts', 'export {};');
    write('src/client/page.html', '<p>');
    await run('bin/saas-export.mjs');
    const compiled = ['other.js', 'page.html'].map((name) => join(checkout, 'dist/client', name));
    expect(compiled.map((file) => existsSync(file))).toEqual([true, true]);
    rmSync(join(checkout, 'src/client/other.ts'));
    await run('bin/saas-export.mjs');
    expect(compiled.map((file) => existsSync(file))).toEqual([false, true]);
  });

  test('does not wait for a process that was killed while it built', async () => {
    program('again');
    write('.cache/setup.lock', '999999999');
    expect(await run('bin/saas-export.mjs')).toMatchObject({ code: 3, out: 'again []\n' });
  });

  test('that does not compile is not run', async () => {
    write('src/client/main.ts', 'const = 1;');
    const ran = await run('bin/saas-export.mjs');
    expect(ran.code).toBe(1);
    expect(ran.out).toBe('');
    expect(ran.error).toMatch(/do not compile:\nsrc\/client\/main.ts\(1,7\): error TS1134/);
    program('three');
    expect(await run('bin/saas-export.mjs')).toMatchObject({ code: 3, out: 'three []\n' });
  });

  test('the start command runs the sandbox', async () => {
    const ran = await run('scripts/start.mjs', '--products', '5');
    expect(ran).toEqual({ code: 3, out: 'three ["sandbox","--products","5"]\n', error: '' });
  });
});

describe('the test command', () => {
  test('ends with the counts, and fails with a failed test', async () => {
    write(
      'test/some.test.ts',
      `import { expect, test } from 'vitest';
       test('good', () => {});
       test('bad', () => { expect(1).toBe(2); });
       test.skip('skipped', () => {});`,
    );
    write('test/broken.test.ts', `import './nowhere.js';`);
    expect(await lastLine('test/some')).toEqual([1, '1 passed, 1 failed, 1 skipped']);
    expect(await lastLine('test/some', '-t', 'good')).toEqual([0, '1 passed, 0 failed, 2 skipped']);
    expect(await lastLine('test/none')).toEqual([1, '0 passed, 1 failed']);
    expect(await lastLine('test')).toEqual([1, '1 passed, 2 failed, 1 skipped']);
  });

  test('checks types, lint and format too when all tests run, and counts what fails', async () => {
    rmSync(join(checkout, 'test'), { recursive: true, force: true });
    write('test/good.test.ts', `import { test } from 'vitest';\ntest('good', () => {});`);
    checks({ typecheck: 'good', lint: 'good', 'format:check': 'good' });
    const good = await run('scripts/test.mjs');
    for (const name of ['Types', 'Lint', 'Format']) {
      expect(good.out).toMatch(new RegExp(`^${name} … \\d+ s$`, 'm'));
    }
    expect(good.out).toMatch(/\n1 passed, 0 failed\n$/);
    expect(good.code).toBe(0);

    checks({ typecheck: 'wrong types', lint: 'good', 'format:check': 'wrong format' });
    const bad = await run('scripts/test.mjs');
    expect(bad.out).toContain('Types: `npm run typecheck` fails:\nwrong types\n');
    expect(bad.out).toContain('Format: `npm run format:check` fails:\nwrong format\n');
    expect(bad.out).toMatch(/\n1 passed, 2 failed\n$/);
    expect(bad.code).toBe(1);
    expect(await lastLine('test/good')).toEqual([0, '1 passed, 0 failed']);
  });
});

/** Scripts of the checkout that say a word and fail, but for the word `good`. */
function checks(scripts: Readonly<Record<string, string>>): void {
  const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const [name, word] of Object.entries(scripts)) {
    expect(description.scripts).toHaveProperty([name]);
    description.scripts[name] = `echo ${word} && ${word === 'good' ? 'true' : 'false'}`;
  }
  write('package.json', JSON.stringify(description));
}

async function lastLine(...args: string[]): Promise<[number | null, string | undefined]> {
  const { code, out } = await run('scripts/test.mjs', ...args);
  return [code, out.trimEnd().split('\n').at(-1)];
}

function write(name: string, content: string): void {
  const file = join(checkout, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Makes the program say a word and its arguments, and end with 3. */
function program(word: string): void {
  write(
    'src/client/main.ts',
    `const args: string[] = process.argv.slice(2);
     console.log('${word}', JSON.stringify(args));
     process.exitCode = 3;`,
  );
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

function run(script: string, ...args: string[]): Promise<Ran> {
  // Vitest marks its processes, and one inside of another would take the mark for its own.
  const environment = Object.entries(process.env).filter(([name]) => !/VITEST|NODE_ENV/.test(name));
  const child = spawn(process.execPath, [join(checkout, script), ...args], {
    env: Object.fromEntries(environment),
  });
  let out = '';
  let error = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, error }));
  });
}
