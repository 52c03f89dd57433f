import { setTimeout as sleep } from 'node:timers/promises';

import { ExportError } from '../../errors/export-error.js';
import { withDatabases } from '../databases.js';
import { print, stopSignal, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { readStatus, type FeedStatus } from '../status/feed-status.js';
import { withRuntime } from '../status/runtime.js';
import { statusText } from '../status/status-text.js';

export interface StatusFlags extends ConnectionFlags, JsonFlag {
  readonly watch?: boolean;
  readonly interval: string;
}

const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/** Prints how each feed stands, once or until Ctrl-C. */
export async function status(flags: StatusFlags): Promise<void> {
  const seconds = intervalOf(flags.interval);
  await withDatabases(flags, ({ configuration, store, inShop }) =>
    withRuntime(configuration, async (runtime) => {
      const look = (): Promise<FeedStatus[]> =>
        inShop((shop, read) => readStatus(shop, read, { store, configuration, runtime }));
      if (flags.watch !== true) {
        const rows = await look();
        print(flags.json, rows, () => statusText(rows));
        return;
      }
      const signal = stopSignal();
      while (!signal.aborted) {
        show(await look(), flags.json === true);
        await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
      }
    }),
  );
}

/** As JSON a line each time, so that another program can read along. */
function show(rows: readonly FeedStatus[], json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else {
    const start = process.stdout.isTTY ? CLEAR_SCREEN : '';
    process.stdout.write(`${start}${new Date().toISOString()}\n${statusText(rows)}\n`);
  }
}

function intervalOf(text: string): number {
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds < 0.5 || seconds > 3600) {
    throw new ExportError('SDE10-03', {
      message: `--interval takes seconds from 0.5 to 3600, not “${text}”.`,
    });
  }
  return seconds;
}
