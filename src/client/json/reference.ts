import { Type } from 'typebox';

import { describeFields, type FieldDescription } from '../../feeds/reference-fields.js';
import { feedName, time, type JsonForm } from './document.js';
import { JSON_DOCUMENTS } from './documents.js';

const INTRODUCTION = `# What --json prints

<!-- Made from src/client/json; \`npm run docs\` makes it anew. -->

With \`--json\` a command prints one JSON document to standard output, of the shape given here;
messages and errors go to standard error. Fields may be added, none is renamed or removed within a
version. What the commands are for is told in [the operator's tools](tools.md).

- In paths, \`[]\` is each entry of a list, and \`.*\` each value of an object whose names are data.
- A feed is named as \`feeds\` prints it.
- A time is UTC, \`YYYY-MM-DD HH:MM:SS\` with or without milliseconds, or RFC 3339 where that is said.
`;

/** The page docs/json.md. */
export function renderJsonReference(): string {
  const sections = JSON_DOCUMENTS.map(({ command, forms }) =>
    [`## ${command}`, ...forms.map(formText)].join('\n\n'),
  );
  return `${[INTRODUCTION.trimEnd(), ...sections].join('\n\n')}\n`;
}

function formText({ when, schema }: JsonForm): string {
  // In an object of its own, a list is a field as any other.
  const [root, ...fields] = describeFields(Type.Object({ root: schema }));
  const kind = root?.type === 'object' ? 'An object' : 'A list of objects';
  return `${kind}${when === undefined ? '' : `, ${when}`}:\n\n${fieldTable(fields)}`;
}

/** Types that would be long lists and patterns, by the words that stand for them. */
const WORDS = new Map(
  describeFields(Type.Object({ feed: feedName, time: time('') })).map(({ path, type }) => [
    type,
    path,
  ]),
);

function inWords(type: string): string {
  return [...WORDS].reduce((text, [long, word]) => text.replace(long, word), type);
}

function fieldTable(fields: readonly FieldDescription[]): string {
  const rows = fields.map(({ path, type, required, description }) => [
    `\`${path.replace(/^root(\[\])?\./, '')}\``,
    `${inWords(type)}${required ? '' : '; may be absent'}`,
    description,
  ]);
  return [['Field', 'Type', 'Holds'], ['---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
