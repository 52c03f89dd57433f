#!/usr/bin/env -S node --max-semi-space-size=64
// The flag makes the young generation large enough for pages of rows, and has an effect only when
// the process starts: set by v8.setFlagsFromString it changed nothing.
import { existsSync } from 'node:fs';

process.setSourceMapsEnabled(true);

// In a checkout the program is built when sources changed; an installed package has only dist/.
if (existsSync(new URL('../src', import.meta.url))) {
  const { isBuilt, setUp } = await import('../scripts/setup.mjs');
  if (!isBuilt()) await setUp(process.stderr).catch(giveUp);
}
await import('../dist/client/main.js');

function giveUp(error) {
  console.error(error.constructor.name === 'SetUpError' ? error.message : error);
  process.exit(1);
}
