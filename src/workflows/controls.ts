import { CancellationScope, condition, isCancellation, setHandler } from '@temporalio/workflow';

import { isLegacyFeed, type FeedName } from '../feeds/names.js';
import { isTimeout } from './failures.js';
import {
  makeWaySignal,
  type Approval,
  type ControlState,
  type GivenOrder,
  type Pause,
  type RunRef,
} from './messages.js';
import type { CONTROL } from './names.js';
import { byWhom, describePause } from './pause.js';
import { takeOrders, type PeoplesOrders } from './peoples-orders.js';

/** The work was stopped by a signal; its cursors are kept. */
export const INTERRUPTED = Symbol('interrupted');

/** A run carries its orders along, and people who send hundreds are programs. */
const ORDERS_KEPT = 50;

type Unset<T> = { readonly [Key in keyof T]: T[Key] | undefined };

export type Restart = 'cleanupFeed' | 'noReindex';

/** The orders to one run of a feed, and the work that they interrupt. */
export class Controls implements PeoplesOrders {
  readonly #feed: FeedName;
  readonly #onChange: () => void;
  #paused: Pause | undefined;
  #approved: Approval | undefined;
  #restart: Restart | undefined;
  #madeWay = false;
  #keepsItems = false;
  #closed = false;
  readonly #missed = new Set<keyof typeof CONTROL>();
  #given: readonly GivenOrder[];
  #scope: CancellationScope | undefined;

  constructor(feed: FeedName, state: ControlState | undefined, onChange: () => void) {
    this.#feed = feed;
    this.#paused = state?.paused;
    this.#approved = state?.approved;
    this.#restart = state?.restart;
    this.#given = state?.given ?? [];
    this.#onChange = onChange;
  }

  /** Takes orders from now on. Those that came with the start are carried out before it returns. */
  listen(): void {
    takeOrders(this);
    setHandler(
      makeWaySignal,
      () => {
        this.#madeWay = true;
        this.#interrupt();
      },
      { description: 'Not for people: a full sync waits for this run to stop listening.' },
    );
  }

  get paused(): Pause | undefined {
    return this.#paused;
  }

  get approved(): Approval | undefined {
    return this.#approved;
  }

  /** Notes that whole items of an immediate feed are kept, as far as the run has found out. */
  learn({ keepsItems = false }: Pick<RunRef, 'keepsItems'>): void {
    this.#keepsItems = keepsItems;
  }

  /** A run that a person asked for waits for this one to stop listening. */
  get madeWay(): boolean {
    return this.#madeWay;
  }

  /** What a run that continues as new carries over. */
  get state(): ControlState {
    return {
      ...(this.#paused === undefined ? {} : { paused: this.#paused }),
      ...(this.#approved === undefined ? {} : { approved: this.#approved }),
      ...(this.#restart === undefined ? {} : { restart: this.#restart }),
      ...(this.#given.length === 0 ? {} : { given: this.#given }),
    };
  }

  /** The orders that changed something, for the audit: oldest first. */
  get given(): readonly GivenOrder[] {
    return this.#given;
  }

  /** Orders that came when the run was ending already. */
  get tooLate(): readonly (keyof typeof CONTROL)[] {
    return [...this.#missed];
  }

  /** Waits while the run is paused; returns the form in which it is to start over, once. */
  async ready(): Promise<Restart | undefined> {
    if (this.#paused !== undefined) await condition(() => this.#paused === undefined);
    const restart = this.#restart;
    this.#restart = undefined;
    return restart;
  }

  /** Runs work that orders may interrupt: pages in flight end, and cursors are kept. */
  async interruptible(work: () => Promise<void>): Promise<typeof INTERRUPTED | undefined> {
    if (this.#paused !== undefined || this.#restart !== undefined) return INTERRUPTED;
    const scope = new CancellationScope();
    this.#scope = scope;
    try {
      await scope.run(work);
      // Work that ended before it noticed: the order still counts.
      const outer = CancellationScope.current().consideredCancelled;
      return scope.consideredCancelled && !outer ? INTERRUPTED : undefined;
    } catch (error) {
      const outer = CancellationScope.current().consideredCancelled;
      // Work that was told to stop and whose worker then died is not tried again: it times out.
      const stopped = isCancellation(error) || isTimeout(error);
      if (stopped && scope.consideredCancelled && !outer) return INTERRUPTED;
      throw error;
    } finally {
      this.#scope = undefined;
    }
  }

  /** Ends the work that is under way as an order would; its cursor is kept. */
  breakOff(): void {
    this.#scope?.cancel();
  }

  /** Takes no orders any more. */
  close(): void {
    this.#closed = true;
  }

  closed(): string | undefined {
    return this.#closed ? `The run of ${this.#feed} is ending.` : undefined;
  }

  missed(order: keyof typeof CONTROL): void {
    this.#missed.add(order);
  }

  pause(pause: Pause): string {
    if (this.#paused !== undefined) return `${this.#feed} ${describePause(this.#paused)} already.`;
    this.#paused = pause;
    this.#note('pause', pause);
    this.#interrupt();
    return `${this.#feed} ${describePause(pause)}: pages in flight end, then nothing leaves.`;
  }

  resume({ by }: Approval): string {
    if (this.#paused === undefined) return `${this.#feed} is not paused.`;
    this.#paused = undefined;
    this.#note('resume', { by });
    this.#onChange();
    return `${this.#feed} goes on${byWhom(by)}.`;
  }

  cleanupFeed({ by }: Approval): string {
    return this.#startOver('cleanupFeed', by, 'every item counts as never sent');
  }

  noReindex({ by }: Approval): string {
    if (!isLegacyFeed(this.#feed) && !this.#keepsItems) {
      return `${this.#feed} keeps no payloads that could be sent again, so its run goes on as it is.`;
    }
    return this.#startOver('noReindex', by, 'stored items are sent again, nothing is collected');
  }

  approveDeletions(approval: Approval): string {
    this.#approved = approval;
    this.#note('approveDeletions', approval);
    this.#interrupt();
    return `The deletions of ${this.#feed} go out, however many there are${byWhom(approval.by)}.`;
  }

  #startOver(restart: Restart, by: string | undefined, meaning: string): string {
    this.#restart = restart;
    this.#note(restart, { by });
    this.#interrupt();
    return `${this.#feed} starts over as a full sync${byWhom(by)}: ${meaning}.`;
  }

  #note(what: GivenOrder['what'], { by, reason }: Readonly<Partial<Unset<Pause>>>): void {
    const order: GivenOrder = {
      what,
      ...(by === undefined ? {} : { by }),
      ...(reason === undefined ? {} : { reason }),
      at: new Date().toISOString(),
    };
    this.#given = [...this.#given, order].slice(-ORDERS_KEPT);
  }

  #interrupt(): void {
    this.breakOff();
    this.#onChange();
  }
}
