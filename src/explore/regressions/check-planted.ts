/**
 * For tests, as a process: reads `Planted` as JSON, plants it, checks the kept cases, and prints their outcomes as JSON.
 */
import { text } from 'node:stream/consumers';
import { plant } from '../mutants/plant.ts';
import type { CaseCheck } from './check.ts';

export interface Planted {
  /** What `compile` has made, by file. */
  readonly files: Readonly<Record<string, string>>;
  /** Names of kept cases. */
  readonly cases: readonly string[];
}

/** By name of the case. */
export type PlantedOutcomes = Readonly<Record<string, Pick<CaseCheck, 'outcome' | 'missed' | 'moved'>>>;

const { files, cases } = JSON.parse(await text(process.stdin)) as Planted;
const compiled = new Map(Object.entries(files));
if (compiled.size > 0) plant(compiled);

const { checkKeptCase, keptCaseFiles, loadCatalogue, playIn, readKeptCase } = await import('../index.ts');
const play = playIn(await loadCatalogue());
const outcomes: Record<string, PlantedOutcomes[string]> = {};
for (const name of cases) {
  const [file = name] = await keptCaseFiles(name);
  const kept = await readKeptCase(file);
  const { outcome, missed, moved } = await checkKeptCase(play, kept);
  outcomes[kept.name] = { outcome, missed, moved };
}
process.stdout.write(JSON.stringify(outcomes));
