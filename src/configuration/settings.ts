import type { Setting, ValueOf } from './setting.js';
import { alertSettings } from './settings/alerts.js';
import { commerceSettings, storeSettings } from './settings/commerce.js';
import { feedSettings, perFeedSettings } from './settings/feeds.js';
import { logSettings, workerSettings } from './settings/operation.js';
import { dashboardSettings, ingestionSettings } from './settings/servers.js';
import { serviceSettings } from './settings/service.js';
import { temporalSettings } from './settings/temporal.js';
import { verificationSettings } from './settings/verification.js';
import { tracingSettings } from './settings/tracing.js';

/** Every setting but those that each feed has, by the name of its variable. */
export const SETTINGS = {
  ...commerceSettings,
  ...storeSettings,
  ...temporalSettings,
  ...serviceSettings,
  ...feedSettings,
  ...ingestionSettings,
  ...dashboardSettings,
  ...workerSettings,
  ...logSettings,
  ...verificationSettings,
  ...tracingSettings,
  ...alertSettings,
};

export type SettingName = keyof typeof SETTINGS;

/** The value of every setting, by name. */
export type SettingValues = {
  readonly [Name in SettingName]: ValueOf<(typeof SETTINGS)[Name]>;
};

/** A setting whose type of value does not matter. */
export type AnySetting = Setting<unknown>;

/** All settings, those of each feed (`FEED_PRODUCTS_BATCH_SIZE`, …) last. */
export const allSettings: ReadonlyMap<string, AnySetting> = new Map<string, AnySetting>([
  ...Object.entries(SETTINGS),
  ...Object.entries(perFeedSettings),
]);
