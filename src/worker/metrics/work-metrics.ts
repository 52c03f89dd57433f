import { Counter, Histogram, type Registry } from 'prom-client';

import type { Observer } from '../../activities/observer.js';
import type { RunCounts } from '../../feeds/counts.js';

/** Counts that items are told by, and the label each has. */
const OUTCOMES = {
  collected: 'collected',
  unchanged: 'unchanged',
  accepted: 'accepted',
  deleted: 'deleted',
  rejected: 'refused',
  failed: 'failed',
} as const satisfies Partial<Record<keyof RunCounts, string>>;

const STEP_BUCKETS = [0.005, 0.02, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const RUN_BUCKETS = [1, 10, 60, 300, 900, 3600, 14_400, 43_200];

/** Metrics of what this process does; see docs/metrics.md. */
export function workMetrics(registry: Registry): Observer {
  const registers = [registry];
  const requests = new Counter({
    name: 'saas_export_requests_total',
    help: 'Requests to the service by the status of the answer; 0: no answer.',
    labelNames: ['feed', 'status'],
    registers,
  });
  const items = new Counter({
    name: 'saas_export_items_total',
    help: 'Items by what became of them.',
    labelNames: ['feed', 'outcome'],
    registers,
  });
  const waits = new Counter({
    name: 'saas_export_wait_seconds_total',
    help: 'Seconds in which nothing was sent, by reason; waits below two seconds are not counted.',
    labelNames: ['feed', 'reason'],
    registers,
  });
  const runs = new Counter({
    name: 'saas_export_runs_total',
    help: 'Runs that ended.',
    labelNames: ['feed', 'operation', 'outcome'],
    registers,
  });
  const runSeconds = new Histogram({
    name: 'saas_export_run_duration_seconds',
    help: 'Seconds from the start to the end of a run.',
    labelNames: ['feed', 'operation'],
    buckets: RUN_BUCKETS,
    registers,
  });
  const steps = new Histogram({
    name: 'saas_export_step_duration_seconds',
    help: 'Seconds of a step of a page or request: collect, hash, compare, request, settle.',
    labelNames: ['feed', 'step'],
    buckets: STEP_BUCKETS,
    registers,
  });
  return {
    step({ feed, name, seconds }) {
      steps.observe({ feed, step: name }, seconds);
    },
    request(feed, status) {
      requests.inc({ feed, status: String(status) });
    },
    items(feed, counts) {
      for (const [count, outcome] of Object.entries(OUTCOMES)) {
        const value = counts[count as keyof typeof OUTCOMES] ?? 0;
        if (value > 0) items.inc({ feed, outcome }, value);
      }
    },
    waited(feed, reason, seconds) {
      waits.inc({ feed, reason: waitReason(reason) }, seconds);
    },
    runEnded({ feed, operation, outcome, seconds }) {
      runs.inc({ feed, operation, outcome });
      runSeconds.observe({ feed, operation }, seconds);
    },
  };
}

/** The sentence of a wait as one of few words: sentences hold numbers, and what a service says. */
export function waitReason(sentence: string): string {
  if (/budget/.test(sentence)) return 'budget';
  if (/go first/.test(sentence)) return 'changes first';
  if (/slow down/.test(sentence)) return 'slow down';
  if (/on their way/.test(sentence)) return 'older versions';
  return 'service refuses or fails';
}
