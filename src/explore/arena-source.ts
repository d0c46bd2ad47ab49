import { fileURLToPath } from 'node:url';
import type { Scenario } from '../arena/index.ts';
import { type Catalogue, loadCatalogue } from './catalogue.ts';
import { checkArena } from './project-catalogue.ts';
import { importDefault } from './project-module.ts';

/** One arena by the module that exports it, for worker threads to load. */
export interface ArenaSource {
  /** A `file:` address. */
  readonly module: string;
  readonly scenarios: readonly Scenario[];
}

/** All there is, when no source is named. */
export async function catalogueFrom(source: ArenaSource | undefined): Promise<Catalogue> {
  if (source === undefined) return loadCatalogue();
  const { module, scenarios } = source;
  const file = fileURLToPath(module);
  const known = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
  const arena = checkArena(file, await importDefault(file), known);
  return { arenas: new Map([[arena.name, arena]]), scenarios: known };
}
