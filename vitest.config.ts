import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

export default defineConfig({
  resolve: {
    // The examples use the package by its name.
    alias: [
      { find: /^stemedb-sim$/, replacement: source('src/index.ts') },
      { find: /^stemedb-sim\/vitest$/, replacement: source('src/vitest/index.ts') },
    ],
  },
  test: {
    include: ['{src,arenas,bench,scripts,docs}/**/*.test.{ts,tsx}', 'examples/*.test.ts'],
    testTimeout: 120_000,
  },
});
