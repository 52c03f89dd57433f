import { maskMessage } from '../feeds/orders/privacy.js';
import type { ExportHealth, FeedHealth } from './export-health.js';

/** Something a person should know of now. */
export interface Alert {
  /** Names the condition: `lag/products`. */
  readonly key: string;
  readonly feed: string | null;
  /** What is so, in one sentence. */
  readonly what: string;
  /** Why, as far as it is known. */
  readonly cause: string;
  /** What to run next. */
  readonly command: string;
  /** Grows when it gets worse, and is then told again. */
  readonly level: number;
}

export interface AlertLimits {
  /** 0: never. */
  readonly lagSeconds: number;
}

const BAD: ReadonlySet<string> = new Set(['failed', 'terminated', 'lost']);

/** The conditions that hold now. */
export function alertsOf(
  { feeds, unread, circuits }: ExportHealth,
  gaps: readonly string[],
  { lagSeconds: limit }: AlertLimits,
): Alert[] {
  const alerts: Alert[] = [];
  if (gaps.length > 0) {
    alerts.push({
      key: 'capture',
      feed: null,
      what: `Change capture has ${gaps.length} gaps: changes of the shop may not be noted.`,
      cause: gaps.slice(0, 3).join(' '),
      command: 'saas-export doctor',
      level: 1,
    });
  }
  if (limit > 0 && unread.oldestSeconds > limit) {
    alerts.push({
      key: 'lag/*',
      feed: null,
      what: `${unread.changes} noted changes of the shop are not taken, the oldest for ${unread.oldestSeconds} seconds.`,
      cause: 'No partial sync takes them: the schedule is paused or missing, or no worker runs.',
      command: 'saas-export status',
      level: 1,
    });
  }
  for (const { scope, reason, failures } of circuits) {
    alerts.push({
      key: `service/${scope}`,
      feed: scope === '*' ? null : scope,
      what: `The service refuses all requests${scope === '*' ? '' : ` of ${scope}`}.`,
      cause: `${reason} (${failures} attempts)`,
      command: 'saas-export doctor',
      level: 1,
    });
  }
  const refused = circuits.map(({ reason }) => reason)[0];
  return [...alerts, ...feeds.flatMap((feed) => feedAlerts(feed, limit, refused))];
}

function feedAlerts(health: FeedHealth, limit: number, refused: string | undefined): Alert[] {
  const { feed, lastRun, backlog, backlogSeconds, retries, quarantined, heldDeletions } = health;
  const alerts: Alert[] = [];
  if (lastRun !== undefined && BAD.has(lastRun.outcome)) {
    alerts.push({
      key: `run/${feed}`,
      feed,
      what: `The last ${lastRun.operation} of ${feed} ended as “${lastRun.outcome}”.`,
      cause: lastRun.sentence,
      command: `saas-export history ${lastRun.runId}`,
      level: 1,
    });
  }
  if (limit > 0 && backlogSeconds > limit) {
    alerts.push({
      key: `lag/${feed}`,
      feed,
      what: `${backlog} changed entities of ${feed} are not sent, the oldest for ${backlogSeconds} seconds.`,
      cause: refused ?? 'A run is paused or behind, or none is started.',
      command: `saas-export status`,
      level: 1,
    });
  }
  if (limit > 0 && retries.seconds > limit) {
    alerts.push({
      key: `retry/${feed}`,
      feed,
      what: `The service has not taken ${retries.items} items of ${feed}, the oldest for ${retries.seconds} seconds.`,
      cause: maskMessage(feed, retries.error)?.slice(0, 300) ?? 'No answer is known.',
      command: `saas-export items --feed ${feed} --status retry`,
      level: 1,
    });
  }
  if (quarantined > 0) {
    alerts.push({
      key: `quarantine/${feed}`,
      feed,
      what: `${quarantined} items of ${feed} are in quarantine.`,
      cause: 'The service refused their content again and again.',
      command: `saas-export quarantine list --feed ${feed}`,
      // Told again each time their number has doubled.
      level: 1 + Math.floor(Math.log2(quarantined)),
    });
  }
  if (heldDeletions > 0) {
    alerts.push({
      key: `held/${feed}`,
      feed,
      what: `${heldDeletions} deletions of ${feed} are held until somebody decides.`,
      cause: 'A sync missed more items at once than is usual.',
      command: `saas-export deletions list --feed ${feed}`,
      level: 1,
    });
  }
  return alerts;
}

/** That nobody works, which no worker can tell. */
export function noWorkerAlert(taskQueue: string): Alert {
  return {
    key: 'worker',
    feed: null,
    what: `No worker polls the task queue ${taskQueue}.`,
    cause: 'The workers were stopped, crash at their start, or cannot reach the Temporal server.',
    command: 'saas-export doctor',
    level: 1,
  };
}
