import { alertsOf, type Alert, type AlertLimits } from './alert-conditions.js';
import { driftAlerts } from './drift-alerts.js';
import { captureGaps, readHealth, type HealthSource } from './export-health.js';

/** The conditions that hold now, by the exporter's tables and the shop's triggers. */
export async function lookForAlerts(
  source: HealthSource & { readonly captureDefiner?: string | undefined },
  limits: AlertLimits,
): Promise<Alert[]> {
  const [health, gaps, drift] = await Promise.all([
    readHealth(source),
    captureGaps(source),
    driftAlerts(source.store, source.feeds),
  ]);
  return [...alertsOf(health, gaps, limits), ...drift];
}
