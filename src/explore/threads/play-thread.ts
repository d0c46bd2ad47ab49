import { parentPort, workerData } from 'node:worker_threads';
import { beat, giveHeart } from '../watchdog/heart.ts';
import type { ThreadAnswer, ThreadInput, ThreadTask } from './thread-task.ts';

const { heart, mutant, source } = workerData as ThreadInput;
giveHeart(heart);

// The planted bug must be in place before anything of the engine is loaded, hence the late imports.
if (mutant !== undefined) {
  const { plantMutant } = await import('../mutants/plant.ts');
  await plantMutant(mutant);
}
const { catalogueFrom } = await import('../arena-source.ts');
const { play } = await import('../play.ts');
const { LocalPlayer } = await import('../minimize/player.ts');

const catalogue = await catalogueFrom(source);
const post = (answer: ThreadAnswer): void => parentPort?.postMessage(answer);

parentPort?.on('message', (task: ThreadTask) => {
  const { plan } = task;
  beat(0);
  post({ kind: 'begun', scenario: catalogue.scenarios.get(plan.scenario) });
  void perform(task).then(post);
});

// What is thrown ends the thread, and whoever asked hears of it.
async function perform(task: ThreadTask): Promise<ThreadAnswer> {
  if (task.kind === 'play') {
    return { kind: 'played', played: await play(catalogue, task.plan, task.options) };
  }
  const { plan, signature, candidate, stepsMax } = task;
  const player = new LocalPlayer(catalogue, plan, signature);
  return { kind: 'tried', tried: await player.play(candidate, stepsMax) };
}
