import { workerData } from 'node:worker_threads';
import type { Catalogue } from './catalogue.ts';
import type { WorkerInput } from './worker-pool.ts';

const input = workerData as WorkerInput;

// The planted bug must be in place before anything of the engine is loaded, hence the late imports.
if (input.mutant !== undefined) {
  const { plantMutant } = await import('./mutants/plant.ts');
  await plantMutant(input.mutant);
}
const { play } = await import('./play.ts');
const { workThrough } = await import('./worker-loop.ts');

const catalogue = await load();
await workThrough(input, async (plan, beat) => (await play(catalogue, plan, { beat })).record);

async function load(): Promise<Catalogue> {
  if (input.source !== undefined) return (await import('./arena-source.ts')).catalogueFrom(input.source);
  return (await import('./catalogue.ts')).loadCatalogue();
}
