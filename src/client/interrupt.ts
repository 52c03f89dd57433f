import type { Client } from '@temporalio/client';
import { createInterface } from 'node:readline/promises';

import { EXIT } from './errors.js';
import { stopSignal } from './edge.js';

/** Waits for a workflow's result, and shows how far it is; `signal` ends the showing. */
export type Follow<Result> = (
  client: Client,
  workflowId: string,
  signal: AbortSignal,
) => Promise<Result>;

/** What a person wants at Ctrl-C. */
export type Wish = 'detach' | 'cancel' | 'go on';

/**
 * Follows a workflow. When the command is interrupted, it asks on a terminal what is wanted, and
 * else detaches: the workflow never ends because nobody watches it.
 *
 * @returns undefined where it detached.
 */
export async function followUntilInterrupted<Result>(
  client: Client,
  workflowId: string,
  follow: Follow<Result>,
): Promise<Result | undefined> {
  const terminal = process.stdin.isTTY && process.stderr.isTTY;
  let stop = stopSignal();
  for (;;) {
    const shown = new AbortController();
    const result = follow(client, workflowId, shown.signal);
    result.catch(() => undefined);
    const first = await Promise.race([result.then((value) => ({ value })), interruption(stop)]);
    if (first !== undefined) return first.value;
    shown.abort();
    const wish = terminal ? await ask(workflowId) : 'detach';
    if (wish === 'cancel') {
      await client.workflow.getHandle(workflowId).cancel();
      process.stderr.write('It stops after the pages under way; Ctrl-C leaves at once …\n');
      return Promise.race([result, interruption(stopSignal())]);
    }
    if (wish === 'detach') {
      process.stderr.write(
        `It goes on as workflow ${workflowId}; \`saas-export status --watch\` shows how far it is.\n`,
      );
      // Whoever did not choose so does not know the outcome.
      if (!terminal) process.exitCode = EXIT.failed;
      return undefined;
    }
    stop = stopSignal();
  }
}

function interruption(stop: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function ask(workflowId: string): Promise<Wish> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // A second Ctrl-C at the question is an answer: leave, and harm nothing.
    const closed = new Promise<string>((resolve) => {
      lines.once('SIGINT', () => resolve('d'));
      lines.once('close', () => resolve('d'));
    });
    const answer = lines.question(
      `\n${workflowId} is running. [d]etach and let it go on, [c]ancel it, or [k]eep watching? `,
    );
    return wishOf(await Promise.race([answer, closed]));
  } finally {
    lines.close();
  }
}

/** What an answer means: anything that is not clear harms nothing. */
export function wishOf(answer: string): Wish {
  const word = answer.trim().toLowerCase();
  if (word === 'c' || word === 'cancel') return 'cancel';
  if (word === 'k' || word === 'keep') return 'go on';
  return 'detach';
}
