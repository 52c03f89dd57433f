import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The rooms of src/, and the rooms each may import from. What is not listed is behind a wall. */
const rooms = {
  errors: [],
  log: ['errors'],
  tracing: [],
  configuration: ['errors', 'feeds/names', 'log'],
  commerce: ['errors', 'tracing'],
  feeds: ['commerce', 'errors'],
  store: ['errors', 'feeds/names', 'feeds/counts', 'feeds/operation', 'feeds/order', 'tracing'],
  publishing: ['errors', 'feeds', 'store', 'log', 'tracing'],
  workflows: ['feeds/names', 'feeds/counts', 'feeds/operation', 'feeds/order'],
  activities: ['commerce', 'feeds', 'store', 'publishing', 'errors', 'log', 'tracing', 'workflows'],
  ingestion: ['feeds', 'errors', 'log'],
};
const every = [...Object.keys(rooms), 'client', 'worker', 'sandbox'];

const walls = Object.entries(rooms).map(([room, open]) => {
  const closed = every.filter((other) => other !== room && !open.includes(other));
  const forbidden = closed.map((other) => {
    const files = open.filter((name) => name.startsWith(`${other}/`));
    return files.length > 0
      ? `^(\\.\\./)+${other}/(?!(${files.map((name) => name.slice(other.length + 1)).join('|')})\\.js$)`
      : `^(\\.\\./)+${other}/`;
  });
  return {
    files: [`src/${room}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: forbidden.join('|'),
              message: `src/${room} may import only: ${open.join(', ') || 'nothing of the other folders'}.`,
              allowTypeImports: room === 'workflows',
            },
            // A workflow that imports pino, knex or node:fs bundles without an error and breaks at run time.
            ...(room === 'workflows'
              ? [
                  {
                    regex: '^(?!\\.|@temporalio/(workflow|common)$)',
                    message:
                      'Workflow code may import only @temporalio/workflow, @temporalio/common and its own folder.',
                  },
                ]
              : []),
          ],
        },
      ],
    },
  };
});

/** Files of feeds/ that workflows import: they end up in the same bundle. */
const bundled = ['names', 'counts', 'operation', 'order'];

const bundledWalls = [
  {
    files: bundled.map((name) => `src/feeds/${name}.ts`),
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(?!\\./(${bundled.join('|')})\\.js$)`,
              message: `Workflows import this file, so it may import only ${bundled.join(', ')} of src/feeds.`,
              allowTypeImports: true,
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/workflows/**/*.ts', ...bundled.map((name) => `src/feeds/${name}.ts`)],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ImportExpression',
          message: 'Workflow code may not import while it runs: the walls would not see it.',
        },
      ],
    },
  },
];

export default tseslint.config(
  { ignores: ['dist', '.cache', 'node_modules'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked.map((config) => ({
    ...config,
    files: ['**/*.ts'],
  })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, varsIgnorePattern: '^_' },
      ],
      // Row numbers, counts and ids in texts are the normal case here.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Rows are typed where they are read: `rows<[number, string]>(sql)`.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  ...walls,
  ...bundledWalls,
);
