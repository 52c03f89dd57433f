import { readFileSync } from 'node:fs';

export interface DocumentedCommand {
  /** Words after `saas-export`. */
  readonly command: readonly string[];
  /** Lines as the page shows them; `…` stands for anything. */
  readonly output: readonly string[];
  readonly code: number;
}

/** The commands of a page's `console` blocks, each with its output and `# exit code N`. */
export function documentedCommands(page: string): DocumentedCommand[] {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');
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

/** Whether the lines come in this order in the output; blanks count once, `…` is anything. */
export function outputMatches(lines: readonly string[], output: string): boolean {
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
