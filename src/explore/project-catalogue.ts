import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Arena, defineArena, type Scenario } from '../arena/index.ts';
import type { Catalogue } from './catalogue.ts';
import { importDefault, isModule, ProjectFileError } from './project-module.ts';
import { checkScenario } from './scenario-file.ts';

/** Where the arenas and scenarios of a user are from: file by name, in the order of the files. */
export interface ProjectFiles {
  readonly root: string;
  readonly arenas: ReadonlyMap<string, string>;
  readonly scenarios: ReadonlyMap<string, string>;
}

/** What comes with the package and what is in the folders `arenas` and `scenarios` of `root`; names are unique. */
export async function withProject(own: Catalogue, root: string): Promise<Catalogue> {
  const { scenarios, files: scenarioFiles } = await withProjectScenarios(own.scenarios, root);
  const arenas = new Map(own.arenas);
  const arenaFiles = new Map<string, string>();
  for (const file of await filesIn(root, 'arenas', isModule)) {
    const arena = checkArena(file, await importDefault(file), scenarios);
    requireUnique('arena', arena.name, file, arenas, arenaFiles);
    arenas.set(arena.name, arena);
    arenaFiles.set(arena.name, file);
  }
  return { arenas, scenarios, project: { root, arenas: arenaFiles, scenarios: scenarioFiles } };
}

/** Scenarios of the package and of `root`, with the files of the latter. */
export async function withProjectScenarios(
  own: ReadonlyMap<string, Scenario>,
  root: string,
): Promise<{ readonly scenarios: Map<string, Scenario>; readonly files: ReadonlyMap<string, string> }> {
  const scenarios = new Map(own);
  const files = new Map<string, string>();
  const isScenario = (name: string): boolean =>
    isModule(name) || (name.endsWith('.json') && !name.endsWith('.schema.json'));
  for (const file of await filesIn(root, 'scenarios', isScenario)) {
    const scenario = await checkScenario(
      file,
      file.endsWith('.json') ? await readJson(file) : await importDefault(file),
    );
    requireUnique('scenario', scenario.name, file, scenarios, files);
    scenarios.set(scenario.name, scenario);
    files.set(scenario.name, file);
  }
  return { scenarios, files };
}

/** The files in a folder, in order; none if there is no such folder. */
async function filesIn(root: string, folder: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const names = await readdir(path.join(root, folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names
    .filter(isWanted)
    .toSorted()
    .map((name) => path.join(root, folder, name));
}

/** Throws `ProjectFileError` for what is no arena, or names scenarios that there are not. */
export function checkArena(file: string, value: unknown, scenarios: ReadonlyMap<string, Scenario>): Arena {
  if (value === undefined) {
    throw new ProjectFileError(
      file,
      'exports nothing by default. Write "export default defineArena({ ... })"; ' +
        'what arenas share belongs into a folder below, where nobody looks for arenas.',
    );
  }
  let arena: Arena;
  try {
    arena = defineArena(value as Arena);
  } catch (error) {
    throw new ProjectFileError(file, `exports no arena: ${(error as Error).message}`, { cause: error });
  }
  for (const scenario of [...arena.scenarios, ...(arena.onRequest ?? [])]) {
    if (scenarios.has(scenario)) continue;
    throw new ProjectFileError(
      file,
      `names a scenario "${scenario}" that there is not. Put it into scenarios/${scenario}.json, ` +
        `or name one of: ${[...scenarios.keys()].join(', ')}.`,
    );
  }
  return arena;
}

function requireUnique(
  what: string,
  name: string,
  file: string,
  known: ReadonlyMap<string, unknown>,
  files: ReadonlyMap<string, string>,
): void {
  if (!known.has(name)) return;
  const other = files.get(name);
  const where = other === undefined ? 'comes with stemedb-sim' : `is in ${path.basename(other)}`;
  throw new ProjectFileError(
    file,
    `is called "${name}", as one that ${where}. Give the ${what} another name.`,
  );
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new ProjectFileError(file, `is not JSON: ${(error as Error).message}.`, { cause: error });
  }
}
