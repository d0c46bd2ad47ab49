import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Arena } from '../arena/index.ts';
import {
  catalogueOf,
  projectRoot,
  replayStates,
  type SimulatedFailure,
  writeRunFile,
} from '../explore/index.ts';
import { counterexample, failureBlock, html, repeatsLine, styleFor } from '../report/index.ts';
import type { SimTestOptions } from './sim-test.ts';

export interface RecordedFailure {
  /** For a terminal. */
  readonly text: string;
}

/** Longer runs are reported without their steps, which would not fit into memory. */
const stepsTraced = 200_000;

/** Writes the file and the page of a failure, and returns the block that tells of it. */
export async function writeFailure(
  arena: Arena,
  { file, runs: times, signature }: SimulatedFailure,
  runs: number,
  options: SimTestOptions,
): Promise<RecordedFailure> {
  const folder = options.output ?? path.join('reports', arena.name);
  const target = await writeRunFile(folder, file);
  const page = target.replace(/\.json$/, '.html');
  const kind = kindOf(arena, file.record.property);
  const { replay, keep } = commandsFor(arena, target);
  const { steps } = file.minimized?.record ?? file.record;
  const catalogue = await catalogueOf(arena, options.scenarios);
  const replayed = steps <= stepsTraced ? await replayStates(catalogue, file) : undefined;
  await writeFile(page, html(counterexample({ file, ...replayed, kind, replay })));
  const style = styleFor(process.stdout, process.env);
  const isCase = file.record.verdict === 'violated' && keep !== undefined;
  const context = {
    kind,
    replay,
    runs,
    page,
    keep: isCase ? `${keep} --name ${file.record.property}` : undefined,
  };
  const repeats = times > 1 ? [repeatsLine(signature, times - 1, style)] : [];
  return { text: [failureBlock(file, context, style), ...repeats].join('\n') };
}

export function kindOf({ properties }: Arena, property: string | null): 'safety' | 'liveness' {
  return properties.find(({ id }) => id === property)?.kind ?? 'safety';
}

/** What the commands of `stemedb-sim` find is in `arenas/`; what is not, the test itself can replay. */
function commandsFor({ name }: Arena, file: string): { readonly replay: string; readonly keep?: string } {
  const isFound = ['ts', 'mts', 'js', 'mjs'].some((extension) =>
    existsSync(path.join(projectRoot(), 'arenas', `${name}.${extension}`)),
  );
  if (!isFound) return { replay: `STEMEDB_SIM_REPLAY=${file} npx vitest run` };
  return { replay: `npx stemedb-sim replay ${file}`, keep: `npx stemedb-sim keep ${file}` };
}
