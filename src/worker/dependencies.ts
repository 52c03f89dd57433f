import type { Logger } from 'pino';

import type { ActivityDependencies } from '../activities/dependencies.js';
import { lookForAlerts } from '../activities/alert-look.js';
import { Alerting } from '../activities/alerts.js';
import type { Observer } from '../activities/observer.js';
import { ServicePace } from '../activities/service-pace.js';
import { CommerceDatabase } from '../commerce/database.js';
import { editionOf } from '../commerce/edition.js';
import { readShop } from '../commerce/shop.js';
import type { Configuration } from '../configuration/configuration.js';
import { requireSettings } from '../configuration/require.js';
import { allFeeds } from '../feeds/registry.js';
import { requireMigrated } from '../store/migrate.js';
import { Store } from '../store/store.js';
import { alertChannels } from './alert-channels.js';
import { catalogScopes, checkCatalogScopes } from './catalog-scopes.js';
import { openDeliverer, usesWireForms } from './deliverer.js';
import { comparableService } from './service-reader.js';
import { shopOptions } from './shop-options.js';
import { CODE_VERSION } from './version.js';

/** Settings without which there is no worker. */
export const WORKER_SETTINGS = [
  'COMMERCE_DATABASE_URL',
  'EXPORT_DATABASE_URL',
  'SERVICE_URL',
  'SERVICE_ENVIRONMENT_ID',
  'SERVICE_API_KEY',
] as const;

export interface OpenDependencies extends ActivityDependencies {
  close(): Promise<void>;
}

/**
 * Opens what activities work with, and checks that each part answers.
 *
 * @throws ExportError SDE10-01 for missing or contradicting settings, SDE20-01, SDE20-02, SDE20-03
 *   and SDE30-01 when a database cannot be used, CDE02-01 for a key that cannot be read.
 */
export async function openDependencies(
  configuration: Configuration,
  logger: Logger,
  observer?: Observer,
): Promise<OpenDependencies> {
  const required = requireSettings(configuration, WORKER_SETTINGS);
  const store = new Store({
    databaseUrl: required.EXPORT_DATABASE_URL,
    tablePrefix: configuration.store.tablePrefix,
  });
  const commerce = new CommerceDatabase({
    url: required.COMMERCE_DATABASE_URL,
    connections: configuration.commerce.connections,
  });
  try {
    const registered = new Set(allFeeds().map((feed) => feed.name));
    await commerce.ping();
    await requireMigrated(
      store,
      allFeeds().map((feed) => feed.table),
    );
    const shop = await shopOptions(configuration);
    const scopes = catalogScopes(configuration, logger);
    // A worker that is ready for a database without a shop would let every run fail.
    const present = await commerce.snapshot((read) => readShop(read, shop));
    if (configuration.service.routes.preset !== 'commerce-services') {
      checkCatalogScopes(present, configuration, scopes, logger);
    }
    const edition = editionOf(present);
    const deliverer = await openDeliverer(configuration, store, scopes, logger, edition);
    const feeds = configuration.feeds.enabled.filter((feed) => registered.has(feed));
    const channels = alertChannels(configuration);
    const health = {
      store,
      feeds,
      shop,
      capture: configuration.commerce.capture,
      commerceUrl: required.COMMERCE_DATABASE_URL,
      captureDefiner: configuration.commerce.captureDefiner,
    };
    return {
      commerce,
      commerceUrl: required.COMMERCE_DATABASE_URL,
      capture: configuration.commerce.capture,
      captureDefiner: configuration.commerce.captureDefiner,
      initialSync: configuration.initialSync,
      retryMaxAgeDays: configuration.feeds.retryMaxAgeDays,
      store,
      deliverer,
      comparableService: (feed) => comparableService(configuration, feed),
      sending: {
        requestsInFlight: configuration.service.requestsInFlight,
        requestSeconds: configuration.service.timeoutSeconds,
        quarantineAfter: configuration.service.quarantineAfter,
        pace: new ServicePace(),
      },
      shop,
      feedSettings: configuration.feeds.settings,
      persistExported: configuration.feeds.persistExported,
      orderRetentionDays: configuration.feeds.orderRetentionDays,
      auditRetentionDays: configuration.store.auditRetentionDays,
      clock: () => configuration.now ?? new Date(),
      dataSpace: {
        environmentId: required.SERVICE_ENVIRONMENT_ID,
        serviceUrl: required.SERVICE_URL,
      },
      feeds,
      feedOptions: (feed) => configuration.feeds.perFeed[feed],
      instance: configuration.instance,
      codeVersion: CODE_VERSION,
      wireForms: usesWireForms(configuration),
      log: {
        logger,
        extended: configuration.log.extended,
        progressInterval: configuration.log.progressInterval,
      },
      observer,
      alerting:
        channels.length === 0
          ? undefined
          : new Alerting({
              store,
              channels,
              logger,
              feeds,
              look: () => lookForAlerts(health, configuration.alerts),
            }),
      async close() {
        await Promise.all([deliverer.close(), commerce.close(), store.close()]);
      },
    };
  } catch (error) {
    await Promise.all([commerce.close(), store.close()]);
    throw error;
  }
}
