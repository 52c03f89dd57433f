import type { FeedName } from '../feeds/names.js';
import type { Store } from '../store/store.js';
import { verificationResults } from '../store/verification.js';
import type { Alert } from './alert-conditions.js';
import { totalDrift, type Findings } from './verification/drift.js';
import { driftText } from './verification/verified-feed.js';

/** Feeds of which the last comparison found drift; over when one finds none. */
export async function driftAlerts(store: Store, feeds: readonly FeedName[]): Promise<Alert[]> {
  const alerts: Alert[] = [];
  for (const { feed, fix, findings: text, endedAt } of await verificationResults(store)) {
    const findings = JSON.parse(text) as Findings;
    const items = totalDrift(findings);
    if (items === 0 || !feeds.includes(feed)) continue;
    alerts.push({
      key: `drift/${feed}`,
      feed,
      what: `${items} items of ${feed} had drifted when shop, state and service were compared at ${endedAt.slice(0, 19)} UTC.`,
      cause: `${driftText(findings)}${fix ? '; their entities were queued' : ''}. Changes were not noted, or the service lost items.`,
      command: `saas-export verify --feed ${feed}${fix ? '' : ' --fix'}`,
      level: 1,
    });
  }
  return alerts;
}
