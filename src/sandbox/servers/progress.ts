/** A step of getting a server ready, as a person is told of it. */
export interface Step {
  /** `Building the Temporal server` */
  readonly name: string;
  readonly seconds: number;
  readonly state: 'running' | 'done' | 'failed';
}

/** Called when a step starts, each second while it runs, and when it ends. */
export type Report = (step: Step) => void;

/** Runs `work` and reports it as a step. */
export async function reported<T>(
  report: Report,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const tell = (state: Step['state']) =>
    report({ name, seconds: Math.round((performance.now() - start) / 1000), state });
  tell('running');
  const timer = setInterval(tell, 1000, 'running');
  try {
    const result = await work();
    tell('done');
    return result;
  } catch (error) {
    tell('failed');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/**
 * Prints steps as `Building the Temporal server … 34 s`: on a terminal one line that counts up,
 * elsewhere a line when the step ends, and one each 30 seconds before.
 */
export function stepPrinter(stream: NodeJS.WriteStream): Report {
  return ({ name, seconds, state }) => {
    const line = `${name} … ${seconds} s${state === 'failed' ? ', failed' : ''}`;
    if (stream.isTTY) {
      stream.write(`\r\u001b[K${line}${state === 'running' ? '' : '\n'}`);
    } else if (state !== 'running' || (seconds > 0 && seconds % 30 === 0)) {
      stream.write(`${line}\n`);
    }
  };
}
