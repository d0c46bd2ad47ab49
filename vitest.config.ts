import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,arenas,bench,scripts,tests}/**/*.test.ts'],
    testTimeout: 120_000,
  },
});
