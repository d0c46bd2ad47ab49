import { readdir, readFile } from 'node:fs/promises';
import { exitCodes } from '../exit-code.ts';
import { packageRoot } from '../package-root.ts';

/** A bug to plant: edits of the sources. Kept as JSON in `fixtures/mutants/`. */
export interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** What the bug is and where it has been seen. */
  readonly story: string;
  /** The property that should catch it. */
  readonly property: string;
  /** Where it is looked for. */
  readonly arenas: readonly string[];
  readonly scenarios: readonly string[];
}

/** One text for another, in one place. */
export interface Edit {
  /** Below the package's folder: `src/engine/wal/committer.ts`. */
  readonly file: string;
  /** Must stand in the file exactly once, or the mutant is stale. */
  readonly find: string;
  readonly replace: string;
}

const folder = new URL('fixtures/mutants/', packageRoot);

/** Names of all mutants, in order. */
export async function mutantNames(): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
    .map((file) => file.slice(0, -5))
    .toSorted();
}

/** Reads one mutant. Throws a `RangeError` that names the known ones when there is none of that name. */
export async function readMutant(name: string): Promise<Mutant> {
  const names = await mutantNames();
  if (!names.includes(name)) {
    throw new RangeError(`No mutant "${name}" in fixtures/mutants. Known: ${names.join(', ')}.`);
  }
  const text = await readFile(new URL(`${name}.json`, folder), 'utf8');
  return { ...(JSON.parse(text) as Omit<Mutant, 'name'>), name };
}

/** The mutant no longer fits its file. */
export class StaleMutantError extends Error {
  readonly code = 'SIM_STALE_MUTANT';
  readonly exitCode = exitCodes.staleFixture;

  constructor(mutant: Pick<Mutant, 'name'>, file: string, found: number) {
    super(
      `Mutant "${mutant.name}" is stale: its text stands ${found} times in ${file}, not once. ` +
        `Update fixtures/mutants/${mutant.name}.json to the code as it is now.`,
    );
    this.name = 'StaleMutantError';
  }
}

/** The files that a mutant edits, each once. */
export function filesOf({ edits }: Pick<Mutant, 'edits'>): readonly string[] {
  return [...new Set(edits.map(({ file }) => file))];
}

/** The source of `file` with the bug in it. Throws `StaleMutantError`. */
export function mutate(mutant: Pick<Mutant, 'name' | 'edits'>, file: string, source: string): string {
  let mutated = source;
  for (const edit of mutant.edits) {
    if (edit.file !== file) continue;
    const parts = mutated.split(edit.find);
    if (parts.length !== 2) throw new StaleMutantError(mutant, file, parts.length - 1);
    mutated = parts.join(edit.replace);
  }
  return mutated;
}
