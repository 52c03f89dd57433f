import { describe, expect, test } from 'vitest';

import { GroupCommit, type Outcomes } from './group-commit.js';

/** Writes when it is told to, and remembers the groups. */
class Writer {
  readonly groups: string[][] = [];
  readonly #pending: (() => void)[] = [];
  fail: (group: readonly string[]) => Error | undefined = () => undefined;

  readonly write = async (_environment: string, group: readonly string[]): Promise<Outcomes> => {
    this.groups.push([...group]);
    await new Promise<void>((resolve) => this.#pending.push(resolve));
    const error = this.fail(group);
    if (error !== undefined) throw error;
    return group.map((work) => (work === 'refused' ? new Error('refused') : undefined));
  };

  /** Lets all that is written, and will be, go on. */
  async go(): Promise<void> {
    for (let idle = 0; idle < 5; idle += 1) {
      for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
        next();
        idle = 0;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function start(concernsOne = true): { writer: Writer; commits: GroupCommit<string> } {
  const writer = new Writer();
  return { writer, commits: new GroupCommit(writer.write, () => concernsOne) };
}

const statuses = async (all: readonly Promise<void>[]): Promise<string[]> =>
  (await Promise.allSettled(all)).map(({ status }) => status);

describe('work that arrives while a group is written', () => {
  test('is written in the next group, in its order', async () => {
    const { writer, commits } = start();
    const settled = statuses(['a', 'b', 'c'].map((work) => commits.add('e', 1, work)));
    await writer.go();
    expect(await settled).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(writer.groups).toEqual([['a'], ['b', 'c']]);
  });

  test('of another data space does not wait', async () => {
    const { writer, commits } = start();
    const all = [commits.add('e', 1, 'a'), commits.add('f', 1, 'b')];
    expect(writer.groups).toEqual([['a'], ['b']]);
    await writer.go();
    await Promise.all(all);
  });

  test('fills groups up to their size, and one that is larger is a group of its own', async () => {
    const { writer, commits } = start();
    const sizes = { first: 1, b: 400, c: 400, d: 400, huge: 5000, e: 1 };
    const all = Object.entries(sizes).map(([work, size]) => commits.add('e', size, work));
    await writer.go();
    await Promise.all(all);
    expect(writer.groups).toEqual([['first'], ['b', 'c'], ['d'], ['huge'], ['e']]);
  });
});

describe('a group that fails', () => {
  test('is written one by one, if one of it may be at fault', async () => {
    const { writer, commits } = start();
    writer.fail = (group) => (group.includes('bad') ? new Error('bad') : undefined);
    const settled = statuses(['first', 'a', 'bad', 'b'].map((work) => commits.add('e', 1, work)));
    await writer.go();
    expect(await settled).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(writer.groups).toEqual([['first'], ['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
  });

  test('fails for all, if the fault is elsewhere, and what comes later is written', async () => {
    const { writer, commits } = start(false);
    writer.fail = (group) => (group.length > 1 ? new Error('away') : undefined);
    const settled = statuses(['first', 'a', 'b'].map((work) => commits.add('e', 1, work)));
    await writer.go();
    expect(await settled).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(writer.groups).toHaveLength(2);
    const later = commits.add('e', 1, 'later');
    await writer.go();
    await later;
  });
});

test('what a piece of work is refused for is its own', async () => {
  const { writer, commits } = start();
  const settled = statuses(['first', 'a', 'refused', 'b'].map((work) => commits.add('e', 1, work)));
  await writer.go();
  expect(await settled).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});
