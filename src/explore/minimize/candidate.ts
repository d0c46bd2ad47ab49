import { blake3, toHex } from '../../crypto/index.ts';
import type { Shuffle } from '../play.ts';
import { isOmission, type Lane, lanes, type Overtaking, type Tape } from '../../sim/index.ts';

/** A run that might fail: a tape without picks, and the schedule apart. Played in mode `steps`. */
export interface Candidate {
  readonly tape: Tape;
  readonly overtakings: readonly Overtaking[];
  /** Instead of the overtakings: a schedule by this strategy, its dice named by the seed. */
  readonly shuffle?: Shuffle | undefined;
}

/** Two candidates of one key are the same run. */
export function keyOf({ tape, overtakings, shuffle }: Candidate): string {
  const schedule = shuffle ?? overtakings.map(({ who, whom }) => [who, whom]);
  const text = JSON.stringify([tape, schedule]);
  return toHex(blake3(new TextEncoder().encode(text)));
}

/** Where one draw is: the so-many-th of its site. */
export interface Place {
  readonly lane: Lane;
  readonly site: string;
  readonly nth: number;
}

/** With other values at some sites; `undefined` forgets the site, and what it draws is 0. */
export function withSites(
  tape: Tape,
  lane: Lane,
  changes: Readonly<Record<string, readonly number[] | undefined>>,
): Tape {
  const sites: Record<string, readonly number[]> = { ...tape[lane] };
  for (const [site, values] of Object.entries(changes)) {
    if (values === undefined) delete sites[site];
    else sites[site] = values;
  }
  return { ...tape, [lane]: sites };
}

export function withValue(tape: Tape, { lane, site, nth }: Place, value: number): Tape {
  const values = tape[lane][site];
  return values?.[2 * nth + 1] === undefined
    ? tape
    : withSites(tape, lane, { [site]: values.with(2 * nth + 1, value) });
}

export function valueAt(tape: Tape, { lane, site, nth }: Place): number {
  return tape[lane][site]?.[2 * nth + 1] ?? 0;
}

/** With everything that `sites` name left out. */
export function omitting(tape: Tape, lane: Lane, sites: readonly string[]): Tape {
  return withSites(tape, lane, Object.fromEntries(sites.map((site) => [site, [2, 1]])));
}

/** What could be left out and is not, in the order of being asked for. */
export function omissible(tape: Tape, lane: Lane): readonly string[] {
  return Object.entries(tape[lane])
    .filter(([site, values]) => isOmission(site) && values[1] === 0)
    .map(([site]) => site);
}

/** Places of values other than 0, what is left out aside. */
export function places(tape: Tape, of: readonly Lane[] = lanes): readonly Place[] {
  return of.flatMap((lane) =>
    Object.entries(tape[lane]).flatMap(([site, values]) =>
      isOmission(site)
        ? []
        : values.flatMap((value, index) =>
            index % 2 === 1 && value > 0 ? [{ lane, site, nth: (index - 1) / 2 }] : [],
          ),
    ),
  );
}

/** Draws of the fault lane that only say when and how a planned crash, image or clock step comes about. */
export function isDetail(site: string): boolean {
  return /:(crashes|images|clock) \d+$|:crash-\d+ |:rot$/.test(site);
}

/** Faults that a draw of their own decides on: a failed call, a lost message, one more crash while starting. */
export function strikes(tape: Tape): readonly Place[] {
  return places(tape, ['fault']).filter(({ site }) => !isDetail(site));
}
