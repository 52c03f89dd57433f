import { resolve } from 'node:path';

import type { Environment } from './servers/commands.js';

/**
 * Settings of this process that its roles get too: how they log and work, and what Commerce keeps
 * outside of its database. Not where they connect and with which credentials, which are the
 * sandbox's own, and not whom they alert.
 */
const PASSED = [
  /^LOG_(LEVEL|FORMAT)$/,
  /^(EXPORTER|WORKER|METRICS|FEED)_\w+$/,
  /^CONFIG__\w+$/i,
  /^COMMERCE_(ENV_PHP|CONFIG_PHP|CONFIG_FILE|EDITION|VERSION|DATABASE_CONNECTIONS)$/,
  /^(CAPTURE|FEEDS|FULL_SYNC_ORDER|EXTRA_PRODUCT_ATTRIBUTES|INVENTORY|ORDERS_DAYS)$/,
  /^(ORDERS_RETENTION_DAYS|RETRY_MAX_AGE_DAYS|QUARANTINE_AFTER|PERSIST_EXPORTED_FEED)$/,
  /^INGESTION_(FAULTS_FILE|ERROR_FORM|REQUESTS_PER_SECOND|CONCURRENT_REQUESTS)$/,
];

/** Their files are found from any folder, as commands read these settings from other folders. */
const PATHS = [
  'COMMERCE_ENV_PHP',
  'COMMERCE_CONFIG_PHP',
  'COMMERCE_CONFIG_FILE',
  'INGESTION_FAULTS_FILE',
];

/** The settings of `environment` that reach the sandbox's roles. */
export function passedSettings(environment: Environment): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(environment)) {
    if (value === '' || !PASSED.some((pattern) => pattern.test(name))) continue;
    passed[name] = PATHS.includes(name) ? resolve(value) : value;
  }
  return passed;
}
