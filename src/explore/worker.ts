import { workerData } from 'node:worker_threads';
import type { WorkerInput } from './worker-pool.ts';

const input = workerData as WorkerInput;

// The planted bug must be in place before anything of the engine is loaded, hence the late imports.
if (input.mutant !== undefined) {
  const { plantMutant } = await import('./mutants/plant.ts');
  await plantMutant(input.mutant);
}
const { catalogueFrom } = await import('./arena-source.ts');
const { play } = await import('./play.ts');
const { workThrough } = await import('./worker-loop.ts');

const catalogue = await catalogueFrom(input.source);
await workThrough(input, async (plan) => (await play(catalogue, plan)).record);
