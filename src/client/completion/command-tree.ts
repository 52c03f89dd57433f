import type { Command } from 'commander';

import { FEED_NAMES } from '../../feeds/names.js';

/** What may be written at one place of the command line. */
export interface CommandNode {
  /** E.g. `''`, `resync`, `config show`. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly OptionWord[];
  /** What the first argument may be, where that is known. */
  readonly argument: readonly string[];
}

export interface Word {
  readonly word: string;
  readonly description: string;
}

export interface OptionWord extends Word {
  /** What its value may be: words, a file, or anything; undefined: it takes none. */
  readonly value: readonly string[] | 'file' | 'any' | undefined;
}

const FILE_OPTIONS = ['--out', '--dump', '--items', '--keep'];

/** All places of a command line, the program's own first. */
export function commandTree(program: Command, path = ''): CommandNode[] {
  const node: CommandNode = {
    path,
    commands: program.commands.map((command) => ({
      word: command.name(),
      description: command.description(),
    })),
    options: program.options
      .filter((option) => !option.hidden)
      .flatMap((option) => optionWords(option))
      .concat([{ word: '--help', description: 'display help', value: undefined }]),
    argument: argumentWords(program.registeredArguments[0]),
  };
  return [
    node,
    ...program.commands.flatMap((command) =>
      commandTree(command, path === '' ? command.name() : `${path} ${command.name()}`),
    ),
  ];
}

function argumentWords(argument: Command['registeredArguments'][number] | undefined) {
  if (argument?.name() === 'feed') return FEED_NAMES;
  return argument?.argChoices ?? [];
}

function optionWords(option: Command['options'][number]): OptionWord[] {
  const { long, description } = option;
  if (long === undefined) return [];
  const takesValue = option.required || option.optional;
  return [{ word: long, description, value: takesValue ? valueOf(option, long) : undefined }];
}

function valueOf({ argChoices }: Command['options'][number], long: string): OptionWord['value'] {
  if (argChoices !== undefined) return argChoices;
  if (long === '--feed') return FEED_NAMES;
  return FILE_OPTIONS.includes(long) ? 'file' : 'any';
}
