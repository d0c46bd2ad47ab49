import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadInput, ThreadTask } from './thread-player.ts';

const { plan, signature, mutant } = workerData as ThreadInput;

// The planted bug must be in place before anything of the engine is loaded, hence the late imports.
if (mutant !== undefined) {
  const { plantMutant } = await import('../mutants/plant.ts');
  await plantMutant(mutant);
}
const { loadCatalogue } = await import('../catalogue.ts');
const { LocalPlayer } = await import('./player.ts');

const player = new LocalPlayer(await loadCatalogue(), plan, signature);
parentPort?.on('message', ({ candidate, stepsMax }: ThreadTask) => {
  void player.play(candidate, stepsMax).then((tried) => parentPort?.postMessage(tried));
});
