import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';

import { createProgram } from '../src/client/program.js';
import { allSettings } from '../src/configuration/settings.js';
import { allFeeds } from '../src/feeds/registry.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = ['README.md', 'CHANGELOG.md', ...markdownOf('docs')];

/** Variables of the tests, and names in capitals that are no variables. */
const NO_SETTINGS = new Set([
  'PARITY_DATA',
  'RANDOM_CHANGES_SEED',
  'TEST_MARIADB_PORT',
  'TEST_TEMPORAL_ADDRESS',
  'FEED_NAMES',
  'HTTPS_PROXY',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_BSP_SCHEDULE_DELAY',
  'HTTP_PROXY',
  'NO_PROXY',
]);

describe.each(pages)('%s', (page) => {
  const text = read(page);
  const code = [...text.matchAll(/`([^`\n]+)`/g)].map(([, inner = '']) => inner);

  test('links to pages and headings that exist', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^https?:/.test(target));
    expect(links.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  test('names files that exist', () => {
    const files = code.filter((name) => /^[\w.-]+(\/[\w.-]+)+\.(ts|mjs|md|yml)$/.test(name));
    const missing = files.filter((file) =>
      ['', 'src', dirname(page)].every((folder) => !existsSync(join(root, folder, file))),
    );
    expect(missing).toEqual([]);
  });

  test('names settings that exist', () => {
    const names = code.filter((name) => /^[A-Z]+(_[A-Z]+)+$/.test(name) && !NO_SETTINGS.has(name));
    // Each feed has settings of its own: `PRICES` alone is a part of their names.
    const known = [...allSettings.keys()].join(' ');
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('the README', () => {
  const readme = read('README.md');

  test('has all commands of the program', () => {
    const names = createProgram().commands.map((command) => command.name());
    expect(names.filter((name) => !new RegExp(`\`${name}\\b`).test(readme))).toEqual([]);
  });

  // Generated pages may name commands that are still to come.
  test.each([
    'README.md',
    'CHANGELOG.md',
    'docs/architecture.md',
    'docs/development.md',
    'docs/temporal-ui.md',
    'docs/tools.md',
    'docs/tasks.md',
    'docs/alerts.md',
    'docs/troubleshooting.md',
    'docs/publishing.md',
    'docs/privacy.md',
    'docs/tracing.md',
  ])('%s calls commands as they are', (page) => {
    expect(callsIn(read(page)).flatMap(problemsOf)).toEqual([]);
  });

  test('the command for each symptom is one', () => {
    const rows = read('docs/troubleshooting.md').matchAll(/^\|[^|]*\| `([^`]+)` +\|/gm);
    const commands = [...rows].map(([, call = '']) => call.split(' '));
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.flatMap(problemsOf)).toEqual([]);
  });

  test('calls scripts of package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const page of ['README.md', 'docs/development.md']) {
      for (const [, name = ''] of read(page).matchAll(/npm (?:run )?([a-z:-]+)/g)) {
        expect(Object.keys(scripts), page).toContain(name);
      }
    }
  });
});

test('the changelog names all feeds', () => {
  const unreleased = read('CHANGELOG.md').replaceAll(/\s+/g, ' ');
  for (const { name } of allFeeds()) expect(unreleased).toContain(name);
});

function markdownOf(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return heading === undefined || anchorsOf(read(file)).has(heading);
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Calls of the program: whole ones, and code that begins with the words of a command. */
function callsIn(text: string): string[][] {
  const whole = [...text.matchAll(/(?:npx |`)saas-export ([^`\n]+)|npm start -- ([^`\n]+)/g)].map(
    ([, call = '', sandbox]) => (sandbox === undefined ? call : sandboxCall(sandbox)),
  );
  const names = createProgram().commands.map((command) => command.name());
  // One word alone may be anything: a signal, an outcome, a workflow.
  const short = [...text.matchAll(/`([a-z-]+) ([^`\n]+)`/g)]
    .filter(([, name = '']) => names.includes(name))
    .map(([, name = '', rest = '']) => `${name} ${rest}`);
  return [...whole, ...short].map((call) => call.split(/ [|>] /)[0]?.split(' ') ?? []);
}

function sandboxCall(call: string): string {
  return call.startsWith('--') ? `sandbox ${call}` : call;
}

/** What is wrong with a call of the program: an unknown command, or a flag that it has not. */
function problemsOf(words: readonly string[]): string[] {
  let command: Command = createProgram();
  for (const word of words.filter((each) => /^[a-z-]+$/.test(each) && !each.startsWith('-'))) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined && command.commands.length > 0) return [words.join(' ')];
    command = next ?? command;
  }
  const flags = words.filter((word) => word.startsWith('--'));
  const known = [...command.options.map(({ long }) => long), '--help', '--version'];
  return flags.filter((flag) => !known.includes(flag)).map((flag) => `${words.join(' ')}: ${flag}`);
}
