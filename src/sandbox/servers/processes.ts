import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Stream } from 'node:stream';

/**
 * Stands between this process and a server: it starts the server, ends it when this process is
 * gone, however it went (its end of the pipe on fd 0 closes even at kill -9), and then removes the
 * temporary folder. It has a session of its own, so that Ctrl-C reaches only this process, which
 * then stops its servers in the right order. Its last act ends all of its process group, which is
 * what a server may have left behind, and itself.
 *
 * Arguments: grace in tenths of a second, folder to remove at the end, template folder, folder that
 * becomes its copy unless it exists, command. fd 0 takes `stop` and `kill`; fd 3 tells `pid` and
 * `exit`.
 */
const KEEPER = `
grace=$1 remove=$2 template=$3 copy=$4
shift 4
exec 4<&0 </dev/null
if [ -n "$template" ] && [ ! -e "$copy" ]; then
  rm -rf "$copy.new"
  cp -R "$template" "$copy.new" && mv "$copy.new" "$copy"
fi
"$@" 3>&- 4<&- &
server=$!
trap '' HUP INT TERM PIPE
echo "pid $server" >&3
(
  read -r order <&4
  if [ "$order" != kill ]; then
    kill -TERM $server
    while [ $grace -gt 0 ] && kill -0 $server; do sleep 0.1; grace=$((grace - 1)); done
  fi
  kill -KILL $server
) 3>&- 2>/dev/null &
watch=$!
wait $server
code=$?
kill -KILL $watch
echo "exit $code" >&3
while read -r order <&4; do :; done
[ -z "$remove" ] || rm -rf "$remove"
kill -KILL 0
`;

/** The exit code that is told when the keeper itself was killed. */
const KEEPER_LOST = 255;

export interface ProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes standard output and standard error, appended. */
  readonly logFile: string;
  /** How long the server may take to end by itself before it is killed. */
  readonly graceSeconds: number;
  /** Removed after the end. */
  readonly temporaryFolder?: string | undefined;
  /** Before the start `to` becomes a copy of the folder `from`, unless it exists. */
  readonly copy?: { readonly from: string; readonly to: string };
}

/** A running server. It lives no longer than this process. */
export interface ServerProcess {
  /** The server's own process id. */
  readonly pid: number;
  /** Resolves when the server has ended, for whatever reason, with its exit code. */
  readonly exited: Promise<number>;
  /** Ends the server within its grace, and removes its temporary folder. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would, and removes its temporary folder. */
  kill(): Promise<void>;
}

export async function startProcess(options: ProcessOptions): Promise<ServerProcess> {
  const log = openSync(options.logFile, 'a');
  const keeper = spawn(
    '/bin/sh',
    [
      '-c',
      KEEPER,
      'saas-export-keeper',
      String(Math.round(options.graceSeconds * 10)),
      options.temporaryFolder ?? '',
      options.copy?.from ?? '',
      options.copy?.to ?? '',
      options.command,
      ...options.args,
    ],
    { detached: true, stdio: ['pipe', log, log, 'pipe'], env: options.environment },
  );
  closeSync(log);
  const orders = keeper.stdin;
  const told = keeper.stdio[3];
  if (orders === null || !told || !('read' in told)) throw new Error('the keeper has no pipes');
  orders.on('error', ignoreClosedPipe);

  const gone = new Promise<void>((resolve) => keeper.once('close', () => resolve()));
  const lines = createInterface({ input: told });
  const word = (name: string) =>
    new Promise<number>((resolve) => {
      lines.on('line', (line) => {
        const [said, value] = line.split(' ');
        if (said === name) resolve(Number(value));
      });
      void gone.then(() => resolve(KEEPER_LOST));
    });
  const exited = word('exit');
  const pid = await Promise.race([word('pid'), once(keeper, 'exit').then(noShell)]);
  // The server ends with this process, so it must not keep it running.
  keeper.unref();
  unref(orders);
  unref(told);

  let ending: Promise<void> | undefined;
  const end = (order: 'stop' | 'kill') =>
    (ending ??= (async () => {
      keeper.ref();
      orders.write(`${order}\n`);
      await exited;
      orders.end();
      await gone;
    })());
  return {
    pid,
    exited,
    stop: () => end('stop'),
    kill: () => end('kill'),
  };
}

/** A new folder for one server, readable by this user only. */
export function makeTemporaryFolder(label: string): string {
  return mkdtempSync(join(tmpdir(), `saas-export-${label}-`));
}

function unref(pipe: Stream): void {
  if (pipe instanceof Socket) pipe.unref();
}

function noShell(): never {
  throw new Error('no server can be started: /bin/sh ended at once');
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error;
}
