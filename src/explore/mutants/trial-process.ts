import { once } from 'node:events';
import type { Catalogue } from '../catalogue.ts';
import type { RunPlan } from '../run-plan.ts';
import { countOfPlantedRuns } from './mark.ts';
import { plantMutant } from './plant.ts';
import type { SmallCase, Trial, TrialMessage } from './trial.ts';

const [trial] = (await once(process, 'message')) as [Trial];

// The planted bug must be in place before anything of the engine is loaded, hence the late imports.
if (trial.mutant !== undefined) await plantMutant(trial.mutant);
const { loadCatalogue } = await import('../catalogue.ts');
const { play } = await import('../play.ts');

/** That a case may cost, the two replays at the end aside. */
const secondsMax = 28;

const catalogue = await loadCatalogue();
const plantedRuns = countOfPlantedRuns();
let failed = 0;
let firstFailure: RunPlan | undefined;
for (const plan of trial.plans) {
  if (failed >= trial.enough) break;
  const before = plantedRuns();
  const { record } = await play(catalogue, plan);
  const { run, seed, strategy, verdict, property, signature, steps, wallMs, digest } = record;
  if (verdict !== 'held') failed += 1;
  if (verdict === 'violated') firstFailure ??= plan;
  const reached = plantedRuns() > before;
  await sendToParent({
    type: 'run',
    run: { run, seed, strategy, verdict, property, signature, steps, wallMs, digest, reached },
  });
}
if (trial.minimize && firstFailure !== undefined) {
  const smallCase = await makeSmall(catalogue, firstFailure);
  if (smallCase !== undefined) await sendToParent({ type: 'small-case', smallCase });
}
process.disconnect();

async function makeSmall(from: Catalogue, plan: RunPlan): Promise<SmallCase | undefined> {
  const { minimize, MinimizeError } = await import('../minimize/minimize.ts');
  const { toRunFile } = await import('../run-file.ts');
  const file = await toRunFile(await play(from, plan, { record: true }), trial.mutant);
  const begun = process.cpuUsage();
  const secondsSpent = (): number => {
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1e6;
  };
  try {
    const { record, size, outcome, tries } = await minimize(from, file, {
      wallMsMax: Infinity,
      stop: () => secondsSpent() > secondsMax,
    });
    const { signature } = record;
    const { operations, faults, steps } = size;
    return { signature, operations, faults, steps, outcome, tries, seconds: secondsSpent() };
  } catch (error) {
    if (error instanceof MinimizeError) return undefined;
    throw error;
  }
}

function sendToParent(message: TrialMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}
