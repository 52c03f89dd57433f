import type { CommandNode, OptionWord } from './command-tree.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that teaches a shell the words of the program. */
export function completionScript(shell: Shell, tree: readonly CommandNode[]): string {
  switch (shell) {
    case 'bash':
      return bash(tree);
    case 'zsh':
      return zsh(tree);
    case 'fish':
      return fish(tree);
  }
}

/** Sets `path` to the command that the words before the cursor name. */
function pathLoop(tree: readonly CommandNode[], words: string): string {
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => `" ${path}"`);
  return `  local path="" word
  for word in ${words}; do
    case "$path $word" in
      ${paths.join(' | ')}) path="$path $word" ;;
    esac
  done`;
}

function bash(tree: readonly CommandNode[]): string {
  return `# saas-export completion bash
_saas_export() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" words="" head=""
${pathLoop(tree, '"${COMP_WORDS[@]:1:COMP_CWORD-1}"')}
  COMPREPLY=()
  case "$path $prev" in
${valueCases(tree, (words) => `words="${words}"`, 'COMPREPLY=($(compgen -f -- "$cur")); return 0', 'return 0')}
  esac
  if [ -z "$words" ]; then
    case "$path" in
${wordCases(tree)}
    esac
  fi
  # Feeds may be a list: the last one is completed.
  case "$cur" in *,*) head="\${cur%,*}," ;; esac
  COMPREPLY=($(compgen -P "$head" -W "$words" -- "\${cur##*,}"))
}
complete -F _saas_export saas-export
`;
}

function zsh(tree: readonly CommandNode[]): string {
  return `#compdef saas-export
_saas_export() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}" list=""
${pathLoop(tree, '"${(@)words[2,CURRENT-1]}"')}
  case "$path $prev" in
${valueCases(tree, (words) => `list="${words}"`, '_files; return', 'return')}
  esac
  if [[ -z "$list" ]]; then
    case "$path" in
${wordCases(tree).replaceAll('words="', 'list="')}
    esac
  fi
  # Feeds may be a list: the last one is completed.
  [[ "$cur" == *,* ]] && compset -P '*,'
  compadd -- \${(s: :)list}
}
# As a file of $fpath it is run at the first completion, and is to complete then.
if [[ "$funcstack[1]" == _saas-export ]]; then
  _saas_export
else
  compdef _saas_export saas-export
fi
`
    .replaceAll('local path=', 'local at=')
    .replaceAll('$path', '$at')
    .replaceAll('path="$at', 'at="$at');
}

/** Cases of `path option`: what the option's value may be. */
function valueCases(
  tree: readonly CommandNode[],
  words: (list: string) => string,
  file: string,
  any: string,
): string {
  return tree
    .flatMap(({ path, options }) =>
      options
        .filter(({ value }) => value !== undefined)
        .map((option) => {
          const place = `"${path === '' ? '' : ` ${path}`} ${option.word}"`;
          return `    ${place}) ${valueAction(option, words, file, any)} ;;`;
        }),
    )
    .join('\n');
}

function valueAction(
  { value }: OptionWord,
  words: (list: string) => string,
  file: string,
  any: string,
): string {
  if (value === 'file') return file;
  return value === 'any' || value === undefined ? any : words(value.join(' '));
}

function wordCases(tree: readonly CommandNode[]): string {
  return tree
    .map((node) => {
      const place = node.path === '' ? '""' : `" ${node.path}"`;
      return `      ${place}) words="${wordsAt(node).join(' ')}" ;;`;
    })
    .join('\n');
}

function wordsAt({ commands, options, argument }: CommandNode): string[] {
  return [...commands.map(({ word }) => word), ...argument, ...options.map(({ word }) => word)];
}

function fish(tree: readonly CommandNode[]): string {
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => `' ${path}'`);
  const lines = [
    '# saas-export completion fish',
    '# Whether the words before the cursor name this command, and none below it.',
    'function __saas_export_at',
    '  set -l at',
    '  for word in (commandline -opc)[2..-1]',
    '    switch "$at $word"',
    `      case ${paths.join(' ')}`,
    '        set at "$at $word"',
    '    end',
    '  end',
    '  test "$at" = "$argv[1]"',
    'end',
    'complete -c saas-export -f',
  ];
  for (const { path, commands, options, argument } of tree) {
    const when = `-n '__saas_export_at "${path === '' ? '' : ` ${path}`}"'`;
    for (const { word, description } of commands) {
      lines.push(`complete -c saas-export ${when} -a ${word} -d ${quoted(description)}`);
    }
    if (argument.length > 0)
      lines.push(`complete -c saas-export ${when} -a '${argument.join(' ')}'`);
    for (const option of options) {
      lines.push(
        `complete -c saas-export ${when} -l ${option.word.slice(2)}${fishValue(option)} -d ${quoted(option.description)}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function fishValue({ value }: OptionWord): string {
  if (value === undefined) return '';
  if (value === 'file') return ' -r -F';
  return value === 'any' ? ' -x' : ` -x -a '${value.join(' ')}'`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
