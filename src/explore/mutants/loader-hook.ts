import type { InitializeHook, LoadHook } from 'node:module';
import type { PlantedModule } from './plant.ts';

let planted: PlantedModule | undefined;

/** Runs in Node's loader thread: receives what `plantMutant` registered. */
export const initialize: InitializeHook<PlantedModule> = (data) => {
  planted = data;
};

/** Serves the mutated module in place of the built one. */
export const load: LoadHook = (url, context, nextLoad) => {
  if (planted === undefined || url !== planted.url) return nextLoad(url, context);
  return { format: 'module', source: planted.source, shortCircuit: true };
};
