import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';

import shared from './vitest.config.js';

/** Tests that take minutes each: `npm run test:long`. */
export default mergeConfig(
  { ...shared, test: { ...shared.test, include: [], exclude: [] } },
  defineConfig({ test: { include: ['test/long/**/*.test.ts'], exclude: configDefaults.exclude } }),
);
