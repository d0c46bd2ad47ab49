import { readdir, readFile } from 'node:fs/promises';
import type { Arena, Scenario } from '../arena/index.ts';
import { exitCodes } from './exit-code.ts';
import { packageRoot } from './package-root.ts';
import { isPackageItself, projectRoot } from './project.ts';
import { type ProjectFiles, withProject } from './project-catalogue.ts';

/** The arenas and scenarios that can be played, by name. */
export interface Catalogue {
  readonly arenas: ReadonlyMap<string, Arena>;
  readonly scenarios: ReadonlyMap<string, Scenario>;
  /** Which of them are the user's; absent in the package's own checkout. */
  readonly project?: ProjectFiles;
}

/** A run is of an arena, or of a scenario, that there is not. */
export class UnknownNameError extends Error {
  readonly code = 'SIM_UNKNOWN_NAME';
  readonly exitCode = exitCodes.usage;

  constructor(what: 'arena' | 'scenario', name: string, known: ReadonlyMap<string, unknown>) {
    super(
      `There is no ${what} "${name}" here. Known: ${[...known.keys()].join(', ')}. ` +
        `Go to the project whose ${what}s/ has it, or name that with --project.`,
    );
    this.name = 'UnknownNameError';
  }
}

/** Beside this file in the sources and in the build alike: modules that export an arena by default. */
const arenasFolder = new URL('../../arenas/', import.meta.url);

/** Every arena and scenario that comes with the package, and those of the user's project. */
export async function loadCatalogue(): Promise<Catalogue> {
  const own = { arenas: await loadArenas(), scenarios: await loadScenarios() };
  const root = projectRoot();
  return isPackageItself(root) ? own : withProject(own, root);
}

async function loadArenas(): Promise<ReadonlyMap<string, Arena>> {
  const arenas = new Map<string, Arena>();
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  for (const file of (await readdir(arenasFolder)).toSorted()) {
    if (!/^arena-[a-z0-9-]+\.(ts|js)$/.test(file) || !file.endsWith(extension)) continue;
    const module = (await import(new URL(file, arenasFolder).href)) as { default: Arena };
    arenas.set(module.default.name, module.default);
  }
  return arenas;
}

/** The scenarios that come with the package. */
export async function loadScenarios(): Promise<ReadonlyMap<string, Scenario>> {
  const scenarios = new Map<string, Scenario>();
  const folder = new URL('scenarios/', packageRoot);
  for (const file of (await readdir(folder)).toSorted()) {
    if (!file.endsWith('.json') || file.endsWith('.schema.json')) continue;
    const scenario = JSON.parse(await readFile(new URL(file, folder), 'utf8')) as Scenario;
    scenarios.set(scenario.name, scenario);
  }
  return scenarios;
}
