import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerInput, WorkerOutput } from './worker-pool.ts';

const input = workerData as WorkerInput;

// The planted bug must be in place before anything of the engine is loaded, hence the late imports.
if (input.mutant !== undefined) {
  const { plantMutant } = await import('./mutants/plant.ts');
  await plantMutant(input.mutant);
}
const { loadCatalogue } = await import('./catalogue.ts');
const { play } = await import('./play.ts');
const { planRun } = await import('./run-plan.ts');
const { postBatch } = await import('./worker-pool.ts');

const catalogue = await loadCatalogue();
const counter = new Int32Array(input.next);
let outputs: WorkerOutput[] = [];
const post = (): void => {
  if (outputs.length > 0) parentPort?.postMessage(outputs);
  outputs = [];
};
for (;;) {
  const position = Atomics.add(counter, 0, 1);
  if (position >= input.positions || position < 0) break;
  const { record } = await play(catalogue, planRun(input.plan, input.firstRun + position * input.runStride));
  outputs.push({ position, record });
  if (outputs.length >= postBatch || record.verdict !== 'held') post();
}
post();
