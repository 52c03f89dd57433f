import { Counter, Gauge, type Registry } from 'prom-client';

import type { ActivityDependencies } from '../../activities/dependencies.js';
import { captureGaps, readHealth, type ExportHealth } from '../../activities/export-health.js';

/** How long what was read is told again: every worker is asked, and reads the same tables. */
const FRESH_MILLISECONDS = 10_000;
/** Triggers are a dozen queries on the server's catalogue. */
const GAPS_FRESH_MILLISECONDS = 60_000;

/** Gauges of the exporter's tables, read when somebody asks; every worker tells the same. */
export class StateMetrics {
  readonly #deps: ActivityDependencies;
  readonly #gauges: Readonly<Record<GaugeName, Gauge>>;
  readonly #queries: Counter;
  readonly #querySeconds: Counter;
  #readAt = Number.NEGATIVE_INFINITY;
  #gapsReadAt = Number.NEGATIVE_INFINITY;

  constructor(
    registry: Registry,
    deps: ActivityDependencies,
    { requestsPerSecond }: { readonly requestsPerSecond: number },
  ) {
    this.#deps = deps;
    const gauge = (name: GaugeName): Gauge =>
      new Gauge({
        name: `saas_export_${name}`,
        help: GAUGES[name].help,
        labelNames: [...GAUGES[name].labels],
        registers: [registry],
      });
    this.#gauges = Object.fromEntries(
      (Object.keys(GAUGES) as GaugeName[]).map((name) => [name, gauge(name)]),
    ) as Record<GaugeName, Gauge>;
    this.#gauges.request_budget_per_second.set(requestsPerSecond);
    const counter = (name: string, help: string): Counter =>
      new Counter({ name: `saas_export_${name}`, help, registers: [registry] });
    this.#queries = counter('commerce_queries_total', 'Queries to the Commerce database.');
    this.#querySeconds = counter(
      'commerce_query_seconds_total',
      'Seconds spent waiting for queries to the Commerce database.',
    );
  }

  /** Reads what is not fresh any more; where that fails, `saas_export_state_readable` is 0. */
  async refresh(): Promise<void> {
    const { queries, milliseconds } = this.#deps.commerce.statistics;
    this.#queries.reset();
    this.#queries.inc(queries);
    this.#querySeconds.reset();
    this.#querySeconds.inc(milliseconds / 1000);
    const now = performance.now();
    if (now - this.#readAt < FRESH_MILLISECONDS) return;
    this.#readAt = now;
    try {
      this.#take(await readHealth(this.#deps));
      if (now - this.#gapsReadAt >= GAPS_FRESH_MILLISECONDS) {
        this.#gapsReadAt = now;
        this.#gauges.capture_gaps.set((await captureGaps(this.#deps)).length);
      }
      this.#gauges.state_readable.set(1);
    } catch (error) {
      this.#gauges.state_readable.set(0);
      this.#deps.log.logger.warn({ err: error }, 'the state could not be read for the metrics');
    }
  }

  #take({ feeds, unread, circuits }: ExportHealth): void {
    const gauges = this.#gauges;
    gauges.unread_changes.set(unread.changes);
    gauges.circuit_open.reset();
    for (const { scope } of circuits) gauges.circuit_open.set({ scope }, 1);
    for (const health of feeds) {
      const { feed, backlog, lagSeconds, retries, quarantined, heldDeletions, items, lastRun } =
        health;
      gauges.lag_seconds.set({ feed }, lagSeconds);
      gauges.backlog_entities.set({ feed }, backlog);
      gauges.retry_seconds.set({ feed }, retries.seconds);
      gauges.quarantined_items.set({ feed }, quarantined);
      gauges.held_deletions.set({ feed }, heldDeletions);
      for (const [status, count] of Object.entries(items) as [string, number][]) {
        gauges.items.set({ feed, status }, count);
      }
      if (lastRun === undefined) continue;
      gauges.last_run_failed.set({ feed }, BAD.has(lastRun.outcome) ? 1 : 0);
      gauges.last_run_timestamp_seconds.set(
        { feed },
        Date.parse(`${lastRun.at.replace(' ', 'T')}Z`) / 1000,
      );
    }
  }
}

const BAD: ReadonlySet<string> = new Set(['failed', 'terminated', 'lost']);

type GaugeName = keyof typeof GAUGES;

const GAUGES = {
  lag_seconds: {
    help: 'Age of the oldest change of the shop that is not settled; 0: none waits.',
    labels: ['feed'],
  },
  backlog_entities: { help: 'Entities with changes that are not settled.', labels: ['feed'] },
  unread_changes: { help: 'Noted changes of the shop that nobody has taken yet.', labels: [] },
  items: { help: 'Items by status.', labels: ['feed', 'status'] },
  retry_seconds: {
    help: 'Time since the first failure of the oldest item that is to be sent again; 0: none is.',
    labels: ['feed'],
  },
  quarantined_items: { help: 'Items that the service keeps refusing.', labels: ['feed'] },
  held_deletions: { help: 'Deletions that wait for approval.', labels: ['feed'] },
  last_run_failed: {
    help: '1 where the last run failed, was terminated or lost; else 0.',
    labels: ['feed'],
  },
  last_run_timestamp_seconds: { help: 'When the last run ended.', labels: ['feed'] },
  circuit_open: {
    help: '1 for each feed (* for all) of which the service refuses all requests.',
    labels: ['scope'],
  },
  capture_gaps: { help: 'Triggers and tables through which changes may be missed.', labels: [] },
  request_budget_per_second: {
    help: 'Requests allowed a second, over all workers; 0: no limit.',
    labels: [],
  },
  state_readable: { help: '0 where the exporter’s tables could not be read.', labels: [] },
} as const;
