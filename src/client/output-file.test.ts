import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

import { OutputFile } from './output-file.js';

const folder = mkdtempSync(join(tmpdir(), 'output-file-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file that cannot be written is told before anything is written', async () => {
  await expect(OutputFile.open(join(folder, 'none', 'x'))).rejects.toMatchObject({
    code: 'SDE10-03',
    message: expect.stringContaining('none/x') as string,
  });
});

test('the content of before stays until something is written, or the end comes', async () => {
  const path = join(folder, 'x');
  writeFileSync(path, 'of before');
  const failed = await OutputFile.open(path);
  await failed.close();
  expect(readFileSync(path, 'utf8')).toBe('of before');

  const written = await OutputFile.open(path);
  await written.write('one\n');
  await written.write('two\n');
  await written.end();
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');

  const empty = await OutputFile.open(path);
  await empty.end();
  expect(readFileSync(path, 'utf8')).toBe('');
});

test('a full device is told with a code too', async () => {
  const full = await OutputFile.open('/dev/full');
  await expect(full.write('x')).rejects.toMatchObject({ code: 'SDE10-03' });
  await full.close();
});
