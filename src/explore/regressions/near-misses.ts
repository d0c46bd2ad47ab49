import { type AnchoredFault, type Landmark, isMoment, likeness } from '../../arena/index.ts';
import type { PlayedRun } from '../play.ts';

/** The faults of a kept case a little otherwise. */
export interface NearMiss {
  /** What has been changed, as `but when ...` goes on. */
  readonly name: string;
  readonly faults: readonly AnchoredFault[];
}

const distances = [1, -1, 2, -2, 3, -3];

/** So many faults, the last ones, are tried a little earlier and later. */
const movedMax = 3;

/** So many names are tried for a file that is called otherwise now. */
const namesMax = 3;

/**
 * What an unrelated change may have made of `faults`, likely things first: files are called otherwise, and calls are
 * one or two more or fewer. `asKept` is the run as it was kept.
 */
export function* nearMisses(faults: readonly AnchoredFault[], asKept: PlayedRun): Generator<NearMiss> {
  const renamings = renamed(faults, asKept.observed.landmarks);
  yield* renamings;
  for (const { name, faults: base } of [{ name: '', faults }, ...renamings]) {
    for (const near of moved(base))
      yield { ...near, name: name === '' ? near.name : `${name}, and ${near.name}` };
  }
}

/** With other names for the files that have not been seen by theirs; files of one name have one name again. */
function renamed(faults: readonly AnchoredFault[], seen: readonly Landmark[]): NearMiss[] {
  const strange = new Map(
    faults
      .filter(
        ({ at }) => at.path !== '' && !seen.some((other) => isAlike(at, other) && at.path === other.path),
      )
      .map(({ at }) => [at.path, namesFor(at, seen)]),
  );
  const most = Math.max(0, ...[...strange.values()].map((names) => names.length));
  return Array.from({ length: most }, (_, rank) => {
    const nameOf = (path: string): string => strange.get(path)?.[rank] ?? strange.get(path)?.[0] ?? path;
    return {
      name: [...strange.keys()].map((path) => `${path} is called ${nameOf(path)}`).join(', and '),
      faults: faults.map((fault) => ({
        ...fault,
        at: { ...fault.at, path: nameOf(fault.at.path) },
        ...(fault.place && { place: { ...fault.place, path: nameOf(fault.place.path) } }),
      })),
    };
  });
}

function isAlike(one: Landmark, other: Landmark): boolean {
  return one.machine === other.machine && one.operation === other.operation;
}

/** Names in use, the most similar ones first. */
function namesFor(at: Landmark, seen: readonly Landmark[]): readonly string[] {
  const names = new Set(seen.filter((other) => isAlike(at, other)).map(({ path }) => path));
  return [...names]
    .toSorted((one, other) => likeness(at.path, other) - likeness(at.path, one))
    .slice(0, namesMax);
}

/** With one of the last faults a little earlier or later. */
function* moved(faults: readonly AnchoredFault[]): Generator<NearMiss> {
  for (const distance of distances) {
    for (let index = faults.length - 1; index >= Math.max(0, faults.length - movedMax); index -= 1) {
      const fault = faults[index]!;
      const { at } = fault;
      const which = index === faults.length - 1 ? 'its last fault' : `its ${fault.kind}`;
      const to = (landmark: Landmark): readonly AnchoredFault[] =>
        faults.with(index, { ...fault, at: landmark });
      if (at.nth > 0 && at.nth + distance > 0) {
        const name = `${which} comes ${distance} ${at.operation} later`;
        yield { name, faults: to({ ...at, nth: at.nth + distance }) };
      }
      if (at.stepsAfter + distance >= 0 && isMoment(fault)) {
        const name = `${which} comes ${distance} steps later`;
        yield { name, faults: to({ ...at, stepsAfter: at.stepsAfter + distance }) };
      }
    }
  }
}
