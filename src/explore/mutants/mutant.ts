import { readdir, readFile } from 'node:fs/promises';
import { exitCodes } from '../exit-code.ts';
import { packageRoot } from '../package-root.ts';

/** A bug to plant: edits of the sources. Kept as JSON in `fixtures/mutants/`. */
export interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** What the bug is and where it has been seen. */
  readonly story: string;
  /** Where such a bug has been met: projects with the number of the issue. */
  readonly seenIn?: readonly string[];
  /** Why no arena finds it: a gap that is known. */
  readonly blind?: string;
  /** Found in less than one of 1,000 runs by a random walk: a matrix of some hundred runs need not find it. */
  readonly hard?: boolean;
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
export function filesOf({ edits }: Pick<Edited, 'edits'>): readonly string[] {
  return [...new Set(edits.map(({ file }) => file))];
}

/** Edits of sources, of a mutant or of whoever wants to change something else. */
export type Edited = Pick<Mutant, 'name' | 'edits'>;

/** A source with the bug in it. */
export interface MutatedSource {
  readonly text: string;
  /** Where in it each edit begins to differ from what was there. */
  readonly positions: readonly number[];
}

/** The source of `file` with the bug in it. Throws `StaleMutantError`. */
export function mutate(mutant: Edited, file: string, source: string): MutatedSource {
  let text = source;
  let positions: number[] = [];
  for (const { file: edited, find, replace } of mutant.edits) {
    if (edited !== file) continue;
    const parts = text.split(find);
    if (parts.length !== 2) throw new StaleMutantError(mutant, file, parts.length - 1);
    text = parts.join(replace);
    const at = parts[0]?.length ?? 0;
    positions = positions.map((position) =>
      position < at ? position : position + replace.length - find.length,
    );
    positions.push(at + commonStart(find, replace));
  }
  return { text, positions };
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
