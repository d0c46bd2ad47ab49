import { readdir, readFile } from 'node:fs/promises';
import type { Arena, Scenario } from '../arena/index.ts';
import { packageRoot } from './package-root.ts';

/** The arenas and scenarios that can be played, by name. */
export interface Catalogue {
  readonly arenas: ReadonlyMap<string, Arena>;
  readonly scenarios: ReadonlyMap<string, Scenario>;
}

/** Beside this file in the sources and in the build alike: modules that export an arena by default. */
const arenasFolder = new URL('../../arenas/', import.meta.url);

/** Loads every arena and scenario that comes with the package. */
export async function loadCatalogue(): Promise<Catalogue> {
  const arenas = new Map<string, Arena>();
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  for (const file of (await readdir(arenasFolder)).toSorted()) {
    if (!/^arena-[a-z0-9-]+\.(ts|js)$/.test(file) || !file.endsWith(extension)) continue;
    const module = (await import(new URL(file, arenasFolder).href)) as { default: Arena };
    arenas.set(module.default.name, module.default);
  }
  const scenarios = new Map<string, Scenario>();
  const folder = new URL('scenarios/', packageRoot);
  for (const file of (await readdir(folder)).toSorted()) {
    if (!file.endsWith('.json') || file.endsWith('.schema.json')) continue;
    const scenario = JSON.parse(await readFile(new URL(file, folder), 'utf8')) as Scenario;
    scenarios.set(scenario.name, scenario);
  }
  return { arenas, scenarios };
}
