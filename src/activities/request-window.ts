import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A request that has been under way for so long shows a slow service. As long as answers come
 * sooner, one request at a time is enough for any budget, and a worker that is killed leaves only
 * that one to be repeated.
 */
const SLOW_MILLISECONDS = 300;
const LOOK_MILLISECONDS = 50;

/**
 * Runs deliveries: one after the other, and several at once while the service is slow. After one
 * has failed no other starts; those under way are waited for, so that what was answered is settled.
 */
export class RequestWindow {
  readonly #size: number;
  readonly #oldestRequest: () => number;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /**
   * @param size deliveries at once, at most.
   * @param oldestRequest milliseconds that the oldest request is under way; 0 when there is none.
   */
  constructor(size: number, oldestRequest: () => number) {
    this.#size = size;
    this.#oldestRequest = oldestRequest;
  }

  /**
   * Starts a delivery as soon as there is room.
   *
   * @throws what an earlier delivery failed with, once all of them have ended.
   */
  async start(deliver: () => Promise<void>): Promise<void> {
    while (!this.#hasRoom()) {
      await Promise.race([...this.#running, sleep(LOOK_MILLISECONDS, undefined, { ref: false })]);
    }
    if (this.#failure !== undefined) await this.drain();
    const running = deliver()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /**
   * Waits until all deliveries have ended.
   *
   * @throws what the first of them failed with.
   */
  async drain(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Waits until all deliveries have ended, whatever came of them. */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #hasRoom(): boolean {
    const { size } = this.#running;
    return size === 0 || (size < this.#size && this.#oldestRequest() > SLOW_MILLISECONDS);
  }
}
