import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';

/** Runs `work` and prints `Installing dependencies … 21 s`; on a terminal the seconds count up. */
export async function step(stream, name, work) {
  const start = performance.now();
  const line = () => `${name} … ${Math.round((performance.now() - start) / 1000)} s`;
  const draw = () => stream.write(`\r\u001b[K${line()}`);
  if (stream.isTTY) draw();
  const timer = stream.isTTY ? setInterval(draw, 1000) : undefined;
  try {
    return await work();
  } finally {
    clearInterval(timer);
    stream.write(stream.isTTY ? `\r\u001b[K${line()}\n` : `${line()}\n`);
  }
}

/** A set-up that did not work out; the message is all that a person needs. */
export class SetUpError extends Error {}
