import { basename } from 'node:path';

const WORDS = 6;

/** Who a record names as its caller: the first six words of the command line, without Node's path. */
export function callerOf(argv: readonly string[]): string {
  const [script = 'saas-export', ...words] = argv.slice(1);
  return [basename(script).replace(/\.[cm]?js$/, ''), ...words].slice(0, WORDS).join(' ');
}
