import type { InitializeHook, LoadHook } from 'node:module';
import type { PlantedModules } from './plant.ts';

let planted: PlantedModules = new Map();

/** Runs in Node's loader thread: receives what `plantMutant` registered. */
export const initialize: InitializeHook<PlantedModules> = (data) => {
  planted = data;
};

/** Serves the mutated module in place of the built one. */
export const load: LoadHook = (url, context, nextLoad) => {
  const source = planted.get(url);
  if (source === undefined) return nextLoad(url, context);
  return { format: 'module', source, shortCircuit: true };
};
