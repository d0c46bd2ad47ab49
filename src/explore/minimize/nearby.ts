import { isOmission, type Tape } from '../../sim/index.ts';
import { type Candidate, type Place, strikes, withSites } from './candidate.ts';
import { sumOf } from './sample.ts';

/** More than this is another search. */
const timesMax = 10;

/**
 * Runs that are like `candidate`, for when what was left out loses the failure: in order, or in another order;
 * with crashes that come a little earlier, for the run became shorter; with all operations like the largest
 * one, for less may be written in fewer. At most ten.
 */
export function nearby(candidate: Candidate): readonly Candidate[] {
  const { tape, overtakings } = candidate;
  const near: Candidate[] = [];
  if (overtakings.length > 0) near.push({ tape: { ...tape, schedule: {} }, overtakings: [] });
  const earlier = earlierCrashes(candidate);
  const alike = alikeOperations(tape).map((same): Candidate => ({ tape: same, overtakings }));
  near.push(...earlier.slice(0, 2), ...earlierStrikes(candidate).slice(0, 3), ...alike);
  for (const strategy of schedules) near.push({ tape, overtakings, shuffle: { strategy, seed: strategy } });
  for (const same of alike) near.push(...earlierCrashes(same).slice(0, 2));
  near.push(...earlier.slice(2));
  return near.slice(0, timesMax);
}

const schedules = ['random', 'sticky', 'pct-2'] as const;

/** With one crash earlier: by a little first, and by more then. */
export function earlierCrashes({ tape, overtakings }: Candidate): readonly Candidate[] {
  const sites = Object.keys(tape.fault)
    .filter((site) => /:(crashes|images) \d+$/.test(site) && tape.fault[`omit ${site}`]?.[1] !== 1)
    .toReversed();
  return changes.flatMap((change) =>
    sites.flatMap((site) => {
      const moved = moveCrash(tape, site, change);
      return moved === undefined ? [] : [{ tape: moved, overtakings }];
    }),
  );
}

/**
 * With one strike of a fault at an earlier call or message: by one, by half, or at the first. What struck nothing
 * before is forgotten, so that it is the same strike in a run with fewer of them.
 */
export function earlierStrikes({ tape, overtakings }: Candidate): readonly Candidate[] {
  return strikes(tape).flatMap((place) => {
    const calm = calmBefore(tape, place);
    return [...new Set([1, Math.ceil(calm / 2), calm])]
      .filter((count) => count >= 1 && count <= calm)
      .map((count) => {
        const { site, nth } = place;
        const values = (tape.fault[site] ?? []).toSpliced(2 * (nth - count), 2 * count);
        return { tape: withSites(tape, 'fault', { [site]: values }), overtakings };
      });
  });
}

/** How many draws before `place` have the same domain and struck nothing. */
function calmBefore(tape: Tape, { lane, site, nth }: Place): number {
  const values = tape[lane][site] ?? [];
  let calm = 0;
  while (calm < nth && values[2 * (nth - calm - 1)] === values[2 * nth] && values[2 * (nth - calm) - 1] === 0)
    calm += 1;
  return calm;
}

/** With every operation drawn as one of them was: as the one with the largest values, or the next. */
function alikeOperations(tape: Tape): readonly Tape[] {
  const isOperation = (site: string): boolean =>
    / op-\d+$/.test(site) && !isOmission(site) && tape.workload[`omit ${site}`]?.[1] !== 1;
  const sites = Object.keys(tape.workload).filter(isOperation);
  const donors = sites.toSorted((one, other) => sumOf(tape, other) - sumOf(tape, one)).slice(0, 2);
  return donors.map((donor) => {
    const [who] = donor.split(' op-');
    const others = sites.filter((site) => site.startsWith(`${who} op-`));
    return withSites(
      tape,
      'workload',
      Object.fromEntries(others.map((site) => [site, tape.workload[donor]])),
    );
  });
}

const changes: readonly ((distance: number) => number)[] = [
  (distance) => distance - 1,
  (distance) => distance - 2,
  (distance) => Math.floor(distance / 2),
  (distance) => distance - 3,
  (distance) => distance - 4,
  (distance) => Math.floor((distance * 3) / 4),
  (distance) => distance - 6,
  (distance) => Math.floor(distance / 4),
  () => 1,
];

/** The tape with the distance of one crash or image changed; `undefined` when there is no such change. */
function moveCrash(tape: Tape, site: string, change: (distance: number) => number): Tape | undefined {
  const values = tape.fault[site] ?? [];
  // What is drawn last is the distance: an octave, counted from the largest, and a place within it.
  const at = values.findLastIndex(
    (value, index) => index % 2 === 0 && value > 2 && !isPowerAfter(values, index),
  );
  if (at < 0) return undefined;
  const octaves = (values[at] ?? 0) - 1;
  const octave = octaves - (values[at + 1] ?? 0);
  const distance = 2 ** octave + (values[at + 3] ?? 0);
  const wanted = change(distance);
  if (wanted < 1 || wanted === distance) return undefined;
  const newOctave = 31 - Math.clz32(wanted);
  if (newOctave > octaves) return undefined;
  const rest = newOctave === 0 ? [] : [2 ** newOctave, wanted - 2 ** newOctave];
  return withSites(tape, 'fault', {
    [site]: [...values.slice(0, at), octaves + 1, octaves - newOctave, ...rest],
  });
}

/** Whether the draw at `index` is the place within the octave drawn before it. */
function isPowerAfter(values: readonly number[], index: number): boolean {
  const octaves = (values[index - 2] ?? 0) - 1;
  return (
    index >= 2 && values[index] === 2 ** (octaves - (values[index - 1] ?? 0)) && index + 2 === values.length
  );
}
