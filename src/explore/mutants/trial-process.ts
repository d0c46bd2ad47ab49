import { once } from 'node:events';
import { countOfPlantedRuns } from './mark.ts';
import { plantMutant } from './plant.ts';
import type { Trial, TrialRun } from './trial.ts';

const [trial] = (await once(process, 'message')) as [Trial];

// The planted bug must be in place before anything of the engine is loaded, hence the late imports.
if (trial.mutant !== undefined) await plantMutant(trial.mutant);
const { loadCatalogue } = await import('../catalogue.ts');
const { play } = await import('../play.ts');
const { planRun } = await import('../run-plan.ts');

const catalogue = await loadCatalogue();
const plantedRuns = countOfPlantedRuns();
let failed = 0;
for (let position = 0; position < trial.runs && failed < trial.enough; position++) {
  const before = plantedRuns();
  const { record } = await play(catalogue, planRun(trial.plan, trial.firstRun + position));
  const { run, seed, strategy, verdict, property, signature, steps, wallMs, digest } = record;
  if (verdict !== 'held') failed += 1;
  const reached = plantedRuns() > before;
  await sendToParent({ run, seed, strategy, verdict, property, signature, steps, wallMs, digest, reached });
}
process.disconnect();

function sendToParent(run: TrialRun): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(run, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}
