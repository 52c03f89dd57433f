import { ERROR_CODES, type ErrorEntry } from './codes.js';

const INTRODUCTION = `# Errors

<!-- Made from src/errors/codes.ts; \`npm run docs\` makes it anew. -->

Every error that reaches people has a code that stays the same, a sentence, its cause where there is
one, and a cure. The command line prints them so, to standard error:

\`\`\`text
<code> <what happened>
  cause: <what led to it>
  cure:  <what to do>
\`\`\`

A command that ends with an error has exit code 2 where the call or the configuration is wrong (then
nothing was touched), else 1. In Temporal the code is the type of a failed activity. An item that
could not be collected has its code in the column \`errors\` of its feed table.
`;

/** Sections of the page, each with the beginning of its codes. */
const SECTIONS: readonly (readonly [title: string, prefix: string])[] = [
  ['Collecting items', 'CDE01'],
  ['Sending items', 'CDE02'],
  ['Asking for entities by id', 'CDE03'],
  ['Configuration and use', 'SDE10'],
  ['Connections', 'SDE20'],
  ['Stored state', 'SDE30'],
  ['Workflows', 'SDE40'],
  ['Sandbox', 'SDE50'],
  ['Ingestion service', 'SDE60'],
  ['Publishing', 'SDE70'],
];

/**
 * The page docs/errors.md.
 *
 * @throws Error for a code that belongs to no section.
 */
export function renderErrorReference(): string {
  const left = new Map(Object.entries<ErrorEntry>(ERROR_CODES));
  const sections = SECTIONS.map(([title, prefix]) => {
    const codes = [...left].filter(([code]) => code.startsWith(prefix));
    for (const [code] of codes) left.delete(code);
    return [`## ${title}`, ...codes.map(([code, error]) => entry(code, error))].join('\n\n');
  });
  if (left.size > 0) throw new Error(`codes without a section: ${[...left.keys()].join(', ')}`);
  return `${[INTRODUCTION.trimEnd(), ...sections].join('\n\n')}\n`;
}

function entry(code: string, { summary, cure, kind }: ErrorEntry): string {
  return [
    `### ${code}`,
    '',
    summary,
    '',
    `- Cure: ${cure}`,
    `- Exit code: ${kind === 'usage' ? 2 : 1}`,
  ].join('\n');
}
