/** Most items of a transaction: ten batches, some 30 ms of work. */
const GROUP_SIZE = 1000;

interface Waiting<Work> {
  readonly work: Work;
  readonly size: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What became of each piece of work of a group: undefined for done, else its error. */
export type Outcomes = readonly (Error | undefined)[];

/**
 * Gathers what arrives for a data space while a transaction of it is under way, and writes it in
 * the next one: requests that wait for the disk wait together. Transactions of one data space would
 * wait for each other anyway, since their changes are numbered in the order of commit.
 */
export class GroupCommit<Work> {
  readonly #write: (environment: string, group: readonly Work[]) => Promise<Outcomes>;
  readonly #concernsOne: (error: unknown) => boolean;
  readonly #queues = new Map<string, Waiting<Work>[]>();

  /**
   * @param write writes a group in one transaction; rejects if none of it was written.
   * @param concernsOne whether an error may be the fault of a single piece of work; all others are
   * then tried by themselves.
   */
  constructor(
    write: (environment: string, group: readonly Work[]) => Promise<Outcomes>,
    concernsOne: (error: unknown) => boolean,
  ) {
    this.#write = write;
    this.#concernsOne = concernsOne;
  }

  /** Resolves when the work is durable. */
  async add(environment: string, size: number, work: Work): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const waiting = { work, size, resolve, reject };
      const queue = this.#queues.get(environment);
      if (queue === undefined) {
        const first = [waiting];
        this.#queues.set(environment, first);
        void this.#drain(environment, first);
      } else {
        queue.push(waiting);
      }
    });
  }

  async #drain(environment: string, queue: Waiting<Work>[]): Promise<void> {
    while (queue.length > 0) {
      const group = nextGroup(queue);
      const error = await this.#settle(environment, group);
      if (error === undefined) continue;
      if (group.length > 1 && this.#concernsOne(error)) {
        for (const one of group) {
          const failure = await this.#settle(environment, [one]);
          if (failure !== undefined) one.reject(failure);
        }
      } else {
        for (const { reject } of group) reject(error);
      }
    }
    this.#queues.delete(environment);
  }

  /** @returns why the group was not written; undefined once everybody has been answered. */
  async #settle(environment: string, group: readonly Waiting<Work>[]): Promise<unknown> {
    try {
      const outcomes = await this.#write(
        environment,
        group.map(({ work }) => work),
      );
      group.forEach(({ resolve, reject }, index) => {
        const error = outcomes[index];
        if (error === undefined) resolve();
        else reject(error);
      });
      return undefined;
    } catch (error) {
      return error ?? new Error('not written');
    }
  }
}

function nextGroup<Work>(queue: Waiting<Work>[]): Waiting<Work>[] {
  const group: Waiting<Work>[] = [];
  let size = 0;
  for (let next = queue[0]; next !== undefined; next = queue[0]) {
    if (group.length > 0 && size + next.size > GROUP_SIZE) break;
    queue.shift();
    group.push(next);
    size += next.size;
  }
  return group;
}
