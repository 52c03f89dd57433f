import { lookForAlerts } from '../../activities/alert-look.js';
import { noWorkerAlert, type Alert } from '../../activities/alert-conditions.js';
import { Alerting } from '../../activities/alerts.js';
import type { Configuration } from '../../configuration/configuration.js';
import { requireSettings } from '../../configuration/require.js';
import { temporalConnectionOptions } from '../../configuration/temporal.js';
import { createLogger } from '../../log/logger.js';
import type { Store } from '../../store/store.js';
import { alertChannels } from '../../worker/alert-channels.js';
import { shopOptions } from '../../worker/shop-options.js';
import { configurationFor, print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { EXIT } from '../errors.js';
import { withStore } from '../store.js';
import { table } from '../table.js';
import { connectTemporal, pollersOf } from '../temporal.js';

/**
 * Looks at all conditions, also whether anybody works, which no worker can tell; tells what is new
 * or over by the configured channels. Exit code 1 where one holds.
 */
export async function alertsCheck(flags: ConnectionFlags & JsonFlag): Promise<void> {
  const configuration = await configurationFor(flags);
  const alerts = await withStore(flags, (store) =>
    new Alerting({
      store,
      channels: alertChannels(configuration),
      logger: createLogger({ ...configuration.log, level: 'error' }),
      feeds: configuration.feeds.enabled,
      look: () => allConditions(configuration, store),
    }).evaluate(),
  );
  print(flags.json, alerts, () =>
    alerts.length === 0
      ? 'No alert.'
      : table(
          ['alert', 'what', 'cause', 'next'],
          alerts.map(({ key, what, cause, command }) => [key, what, cause, command]),
        ),
  );
  if (alerts.length > 0) process.exitCode = EXIT.failed;
}

async function allConditions(configuration: Configuration, store: Store): Promise<Alert[]> {
  const { commerce, feeds, alerts } = configuration;
  const { COMMERCE_DATABASE_URL: commerceUrl } = requireSettings(configuration, [
    'COMMERCE_DATABASE_URL',
  ]);
  const health = {
    store,
    commerceUrl,
    feeds: feeds.enabled,
    capture: commerce.capture,
    captureDefiner: commerce.captureDefiner,
    shop: await shopOptions(configuration),
  };
  return [...(await workerAlerts(configuration)), ...(await lookForAlerts(health, alerts))];
}

async function workerAlerts({ temporal }: Configuration): Promise<Alert[]> {
  const { taskQueue } = temporal;
  let pollers = 0;
  try {
    const client = await connectTemporal(await temporalConnectionOptions(temporal));
    try {
      pollers = await pollersOf(client, taskQueue);
    } finally {
      await client.connection.close();
    }
  } catch {
    // Without the server nobody works, and `doctor` says what is wrong with it.
  }
  return pollers > 0 ? [] : [noWorkerAlert(taskQueue)];
}

/** Sends a message by each channel, so that people see that they get it. */
export async function alertsTest(flags: ConnectionFlags): Promise<void> {
  const configuration = await configurationFor(flags);
  const channels = alertChannels(configuration);
  if (channels.length === 0) {
    requireSettings(configuration, ['ALERT_WEBHOOK_URL']);
  }
  const alert: Alert = {
    key: 'test',
    feed: null,
    what: 'This is a test of the alerts.',
    cause: 'Somebody ran `saas-export alerts test`.',
    command: 'saas-export status',
    level: 1,
  };
  for (const channel of channels) {
    await channel.tell({ status: 'raised', alert });
    process.stdout.write(`Told by ${channel.name}.\n`);
  }
}
