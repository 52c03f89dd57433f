import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/long/**'],
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // Two cores, and most files of test/ start real servers.
    maxWorkers: 2,
    globalSetup: ['test/global-setup.ts'],
  },
});
