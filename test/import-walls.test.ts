import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const WALLS = ['@typescript-eslint/no-restricted-imports', 'no-restricted-syntax'];

/** The project's own configuration, less what needs types: a snippet belongs to no project. */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  ruleFilter: ({ ruleId }) => WALLS.includes(ruleId),
});

/** What the wall says of a file with these lines; nothing where they pass. */
async function complaints(filePath: string, ...lines: readonly string[]): Promise<string[]> {
  const results = await eslint.lintText(`${lines.join('\n')}\n`, { filePath });
  return results.flatMap(({ messages }) => messages.map(({ message }) => message));
}

describe('a workflow', () => {
  test.each(['pino', 'knex', 'node:fs', 'mysql2/promise', '@temporalio/client'])(
    'may not import %s',
    async (name) => {
      expect(
        await complaints('src/workflows/snippet.ts', `import * as it from '${name}'; it;`),
      ).toHaveLength(1);
    },
  );

  test.each(['pino', '../activities/run-start.js', './names.js'])(
    'may not import %s while it runs either',
    async (name) => {
      expect(
        await complaints('src/workflows/snippet.ts', `export const it = await import('${name}');`),
      ).toHaveLength(1);
    },
  );

  test('may not import what activities do, but their types', async () => {
    const file = 'src/workflows/snippet.ts';
    expect(
      await complaints(file, "import { beginRun } from '../activities/run-start.js';"),
    ).toHaveLength(1);
    expect(
      await complaints(file, "import type { Activities } from '../activities/activities.js';"),
    ).toEqual([]);
  });

  test('may import names of feeds, but not a feed', async () => {
    const file = 'src/workflows/snippet.ts';
    expect(await complaints(file, "import { FEED_NAMES } from '../feeds/names.js';")).toEqual([]);
    expect(await complaints(file, "import { allFeeds } from '../feeds/registry.js';")).toHaveLength(
      1,
    );
  });

  test('may import its own folder and the workflow side of Temporal', async () => {
    expect(
      await complaints(
        'src/workflows/snippet.ts',
        "import { proxyActivities } from '@temporalio/workflow';",
        "import { ApplicationFailure } from '@temporalio/common';",
        "import { WORKFLOW } from './names.js';",
      ),
    ).toEqual([]);
  });
});

describe.each(['names', 'counts', 'operation', 'order'])(
  'feeds/%s, which workflows import',
  (name) => {
    const file = `src/feeds/${name}.ts`;

    test.each(['node:fs', '../commerce/shop.js', './registry.js', '../errors/export-error.js'])(
      'may not import %s',
      async (imported) => {
        expect(await complaints(file, `import * as it from '${imported}'; it;`)).toHaveLength(1);
        expect(
          await complaints(file, `export const it = await import('${imported}');`),
        ).toHaveLength(1);
      },
    );

    test('may import the others, and types', async () => {
      expect(
        await complaints(
          file,
          "import { FEED_NAMES } from './names.js';",
          "import type { Feed } from './feed.js';",
        ),
      ).toEqual([]);
    });
  },
);

describe('a feed', () => {
  const file = 'src/feeds/snippet/feed.ts';

  test('may not import the store', async () => {
    expect(await complaints(file, "import { Store } from '../../store/store.js';")).toEqual([
      expect.stringContaining('src/feeds may import only: commerce, errors.'),
    ]);
  });

  test('may not pass the store on either', async () => {
    expect(await complaints(file, "export * from '../../store/store.js';")).toHaveLength(1);
  });

  test('may import the reading of Commerce, and libraries', async () => {
    expect(
      await complaints(
        file,
        "import type { Read } from '../../commerce/read.js';",
        "import { Type } from 'typebox';",
      ),
    ).toEqual([]);
  });
});

test('a test may import what it needs', async () => {
  expect(
    await complaints('src/feeds/snippet.test.ts', "import { Store } from '../store/store.js';"),
  ).toEqual([]);
});

test('docs/architecture.md names the rooms of src/ and what each may import', async () => {
  const page = readFileSync(`${root}/docs/architecture.md`, 'utf8');
  const written = [...page.matchAll(/^\| `(\w+)\/`\s+\|[^|]+\|([^|]+)\|$/gm)].map(
    ([, room = '', open = '']) => [room, open.trim()] as const,
  );
  const rooms = readdirSync(`${root}/src`).sort();
  expect(written.map(([room]) => room).sort()).toEqual(rooms);
  for (const [room, open] of written) expect(open, room).toBe(await allowed(room));
});

/** What a room may import, in the words of the wall's own complaint. */
async function allowed(room: string): Promise<string> {
  const others = readdirSync(`${root}/src`).filter((other) => other !== room);
  const said = await complaints(
    `src/${room}/snippet.ts`,
    ...others.map((other) => `import * as ${other} from '../${other}/snippet.js'; ${other};`),
  );
  if (said.length === 0) return 'all';
  const [, open = ''] = / may import only: (.+)\.$/.exec(said[0] ?? '') ?? [];
  return open === 'nothing of the other folders'
    ? 'nothing'
    : open
        .split(', ')
        .map((name) => `\`${name}\``)
        .join(', ');
}
