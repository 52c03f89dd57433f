import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/long/**'],
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // For two cores: with two files at a time, which wait for servers and for time to pass, almost
    // half of them would be idle.
    maxWorkers: 3,
    globalSetup: ['test/global-setup.ts'],
  },
});
