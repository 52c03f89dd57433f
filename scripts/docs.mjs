/** `npm run docs`: makes the generated pages of docs/ anew from what they describe. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';
import { SetUpError } from './steps.mjs';

const PAGES = [
  ['configuration.md', 'configuration/reference.js', 'renderConfigurationReference'],
  ['errors.md', 'errors/reference.js', 'renderErrorReference'],
  ['feeds.md', 'feeds/reference.js', 'renderFeedReference'],
  ['json.md', 'client/json/reference.js', 'renderJsonReference'],
];

try {
  await setUp(process.stdout);
  for (const [page, module, render] of PAGES) {
    const text = (await import(new URL(`../dist/${module}`, import.meta.url).href))[render]();
    writeFileSync(join(root, 'docs', page), text);
    process.stdout.write(`docs/${page}\n`);
  }
} catch (error) {
  console.error(error instanceof SetUpError ? error.message : error);
  process.exitCode = 1;
}
