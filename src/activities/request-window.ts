import { setTimeout as sleep } from 'node:timers/promises';

/** How often it is looked at whether the service is slow. */
const LOOK_MILLISECONDS = 50;

/**
 * Runs deliveries: one after the other, and several at once while the service is slow. After one
 * has failed no other starts; those under way are waited for, so that what was answered is settled.
 */
export class RequestWindow {
  readonly #size: number;
  readonly #isSlow: () => boolean;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /**
   * @param size deliveries at once, at most.
   * @param isSlow whether the service is.
   */
  constructor(size: number, isSlow: () => boolean) {
    this.#size = size;
    this.#isSlow = isSlow;
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
    return size === 0 || (size < this.#size && this.#isSlow());
  }
}
