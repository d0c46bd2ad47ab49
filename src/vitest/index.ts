/** Simulations as tests of vitest: `import { simTest } from 'stemedb-sim/vitest'`. */
export { simTest, type SimTestOptions } from './sim-test.ts';
