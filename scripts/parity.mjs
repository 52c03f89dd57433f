/** `npm run parity`: exports a reference folder's dump and compares the items. */
import { setUp } from './setup.mjs';

await setUp(process.stderr);
await import('../dist/sandbox/parity/main.js');
