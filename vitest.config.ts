import { readFileSync } from 'node:fs';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const swcOptions = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8')) as object;

/** `unit` needs nothing, `integration` needs PostgreSQL and real servers, `e2e` the built apps; `faults` breaks what those stand on. */
export default defineConfig({
  plugins: [swc.vite({ ...swcOptions, swcrc: false })],
  // graphql has two builds; everything must meet in the one that Node picks, as in production.
  resolve: {
    conditions: ['tagward:source'],
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  ssr: { resolve: { conditions: ['tagward:source', 'node', 'default'] } },
  // The global set-up is loaded in an environment of vitest's own.
  environments: { __vitest__: { resolve: { conditions: ['tagward:source', 'node', 'default'] } } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['apps/**/*.spec.ts', 'libs/**/*.spec.ts', 'test/{architecture,bootstrap}/**/*.spec.ts'],
          exclude: ['**/*.int.spec.ts'],
          // Modules are loaded once for all files of a worker: half the time. No test leaves anything behind in one.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['apps/**/*.int.spec.ts', 'libs/**/*.int.spec.ts'],
          globalSetup: ['libs/testing/global-setup.ts'],
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.spec.ts'],
          globalSetup: ['libs/testing/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Most of it waits for processes.
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.spec.ts'],
          globalSetup: ['libs/testing/global-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
