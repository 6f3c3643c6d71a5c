import { defineConfig } from 'vitest/config';
import shared from './vitest.config.js';

/** What mutants of a folder are tried by: the unit tests of that folder (`dir`), and none of those that merely use it. */
export default defineConfig({
  ...shared,
  test: { include: ['**/*.spec.ts'], exclude: ['**/*.int.spec.ts'] },
});
