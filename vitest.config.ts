import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,arenas,bench,scripts,docs}/**/*.test.ts'],
    testTimeout: 120_000,
  },
});
