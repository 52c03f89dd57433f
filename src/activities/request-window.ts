/**
 * Runs at most so many deliveries at once. After one has failed no other starts; those under way
 * are waited for, so that what was answered is settled.
 */
export class RequestWindow {
  readonly #size: number;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  /**
   * Starts a delivery as soon as there is room.
   *
   * @throws what an earlier delivery failed with, once all of them have ended.
   */
  async start(deliver: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#size) await Promise.race(this.#running);
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
}
