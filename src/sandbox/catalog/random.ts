/**
 * Pseudo-random numbers from a seed (mulberry32): the same seed gives the same numbers on every
 * machine. Not for secrets.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A generator of its own for each subject, whatever was drawn before. */
  static for(seed: number, subject: string, id = 0): Random {
    let hash = 0x811c9dc5 ^ seed;
    for (let at = 0; at < subject.length; at += 1) {
      hash = Math.imul(hash ^ subject.charCodeAt(at), 0x01000193);
    }
    return new Random(Math.imul(hash ^ id, 0x9e3779b1) ^ (hash >>> 15));
  }

  /** At least 0, less than 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.next() * list.length)];
    if (found === undefined) throw new RangeError('There is nothing to pick from.');
    return found;
  }

  /** Up to `count` different elements, in the list's order. */
  some<T>(list: readonly T[], count: number): T[] {
    let wanted = Math.min(count, list.length);
    const picked: T[] = [];
    for (const [at, element] of list.entries()) {
      if (wanted === 0) break;
      if (this.next() * (list.length - at) < wanted) {
        picked.push(element);
        wanted -= 1;
      }
    }
    return picked;
  }

  /** A version 4 UUID, lower case. */
  uuid(): string {
    const hex = Array.from({ length: 32 }, () => Math.floor(this.next() * 16).toString(16));
    hex[12] = '4';
    hex[16] = this.pick(['8', '9', 'a', 'b']);
    const text = hex.join('');
    return [
      text.slice(0, 8),
      text.slice(8, 12),
      text.slice(12, 16),
      text.slice(16, 20),
      text.slice(20),
    ].join('-');
  }
}
