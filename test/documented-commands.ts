import { readFileSync } from 'node:fs';

export interface DocumentedCommand {
  /** Words after `saas-export`. */
  readonly command: readonly string[];
  /** Lines as the page shows them; `…` stands for anything. */
  readonly output: readonly string[];
  readonly code: number;
}

/** What a page tells to do, under one heading. */
export interface DocumentedTask {
  readonly task: string;
  readonly commands: readonly DocumentedCommand[];
}

/** The tasks of a page: the `console` blocks below each heading. */
export function documentedTasks(page: string): DocumentedTask[] {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      task: section.slice(0, section.indexOf('\n')),
      commands: commandsOf(section),
    }));
}

/** The commands of `console` blocks, each with its output and `# exit code N`. */
function commandsOf(text: string): DocumentedCommand[] {
  return [...text.matchAll(/```console\n([^]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split(/^\$ npx saas-export /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...lines] = part.trimEnd().split('\n');
        const [, code = '0'] = /# exit code (\d)/.exec(part) ?? [];
        return {
          command: words(command),
          output: lines.filter((line) => line.trim() !== '' && !line.startsWith('# exit code')),
          code: Number(code),
        };
      }),
  );
}

/**
 * What a task calls and its lines of help do not lead to: each command has to be in the help of the
 * program or of its group, each option in the help of a command, before it is used.
 */
export function notLedTo({ commands }: DocumentedTask): string[] {
  const known = new Set<string>();
  return commands.flatMap(({ command, output }) => {
    if (command.at(-1) === '--help') {
      for (const line of output) known.add(line.split(' ')[0] ?? '');
      return [];
    }
    const [name = '', below = ''] = command;
    const needed = [name, ...(known.has(below) ? [below] : [])];
    const options = command.filter((word) => word.startsWith('--'));
    return [...needed, ...options].filter((word) => !known.has(word));
  });
}

/**
 * Whether the lines come in this order in the output; blanks count once, `…` is anything. No lines
 * at all match nothing.
 */
export function outputMatches(lines: readonly string[], output: string): boolean {
  if (lines.length === 0) return false;
  const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const pattern = lines
    .map((line) =>
      plain(line)
        .split('…')
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*?'),
    )
    .join('.*?');
  return new RegExp(pattern).test(plain(output));
}

/** Words of a shell command without anything but double quotes. */
function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
