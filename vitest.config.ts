import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,arenas,bench,scripts,docs}/**/*.test.{ts,tsx}'],
    testTimeout: 120_000,
  },
});
