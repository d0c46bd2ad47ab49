import { isOmission, type Lane, type Tape, tycheiStream, type Uniform } from '../../sim/index.ts';
import { type Candidate, omissible, withSites } from './candidate.ts';

const agentsMax = 4;
const plannedFaultsMax = 2;
const schedules = ['random', 'pos', 'surw', 'pct-2', 'sticky'] as const;

/**
 * Small parts of a long run, drawn at random for ever: at most so many operations of a few agents, or of all, under
 * another schedule and other faults; in some, operations are like each other, or as they might as well have been, and
 * options are others. Where a failure is a race, no long run becomes a short one by leaving out one thing after the
 * other, for each that goes moves all others apart; but in a short run the race is soon met again. `seed` names the
 * draws.
 */
export function* samples(whole: Candidate, operations: number, seed: string): Generator<Candidate> {
  for (let nth = 0; ; nth++) {
    const name = `${seed} sample ${nth}`;
    const dice = tycheiStream(name);
    const part = partOf(whole.tape, operations, dice);
    const tape = varied(part, dice);
    const strategy = schedules[nth % schedules.length] ?? 'random';
    yield { tape, overtakings: [], shuffle: { strategy, seed: name, hasNewFaults: nth % 3 < 2 } };
  }
}

export function isOperation(site: string): boolean {
  return / (op-)?\d+$/.test(site);
}

function partOf(whole: Tape, count: number, dice: Uniform): Tape {
  const omissions = omissible(whole, 'workload');
  const operations = omissions.filter(isOperation);
  const actors = [...new Set(operations.map(actorOf))];
  const few = draw(dice, actors, 1 + dice.below(Math.min(agentsMax, actors.length, count)));
  const chosen = new Set(dice.below(2) === 0 ? few : actors);
  const theirs = operations.filter((site) => chosen.has(actorOf(site)));
  const kept = new Set([...chosen].map((actor) => `omit ${actor}`));
  for (const site of draw(dice, theirs, count)) kept.add(site);
  const workload = withSites(whole, 'workload', omitted(omissions.filter((site) => !kept.has(site))));
  const planned = omissible(workload, 'fault');
  const spared = new Set(draw(dice, planned, dice.below(plannedFaultsMax + 1)));
  return withSites(workload, 'fault', omitted(planned.filter((site) => !spared.has(site))));
}

/** Half of the time with other options, and half of the time with other operations. */
function varied(tape: Tape, dice: Uniform): Tape {
  const knobs = Object.keys(tape.knobs);
  const other = dice.below(2) === 0 ? tape : redrawn(tape, 'knobs', some(knobs, dice), dice, false);
  const sites = Object.keys(tape.workload).filter(
    (site) => !isOmission(site) && tape.workload[`omit ${site}`]?.[1] !== 1,
  );
  switch (dice.below(4)) {
    case 0:
      return redrawn(other, 'workload', some(sites, dice), dice, true);
    case 1:
      return alike(other, sites.filter(isOperation), dice);
    default:
      return other;
  }
}

/** All, or each with one chance in four. */
function some<T>(items: readonly T[], dice: Uniform): readonly T[] {
  return dice.below(2) === 0 ? items : items.filter(() => dice.below(4) === 0);
}

/** With other values at `sites`, if `isCalm` half of them the calmest. A file half as large is full after half as much. */
function redrawn(tape: Tape, lane: Lane, sites: readonly string[], dice: Uniform, isCalm: boolean): Tape {
  const changes = sites.map((site) => {
    const values = (tape[lane][site] ?? []).map((value, index, all) => {
      if (index % 2 === 0) return value;
      return isCalm && dice.below(2) === 0 ? 0 : dice.below(all[index - 1]!);
    });
    return [site, values] as const;
  });
  return withSites(tape, lane, Object.fromEntries(changes));
}

/** With everything that an agent does like one of its operations: they get in each other's way, or fill more. */
function alike(tape: Tape, operations: readonly string[], dice: Uniform): Tape {
  const isLarge = dice.below(2) === 0;
  const changes: Record<string, readonly number[] | undefined> = {};
  for (const actor of new Set(operations.map(actorOf))) {
    const theirs = operations.filter((site) => actorOf(site) === actor);
    const like = isLarge ? largest(tape, theirs) : theirs[dice.below(theirs.length)]!;
    for (const site of theirs) changes[site] = tape.workload[like];
  }
  return withSites(tape, 'workload', changes);
}

function largest(tape: Tape, sites: readonly string[]): string {
  return sites.reduce((one, other) => (sumOf(tape, other) > sumOf(tape, one) ? other : one));
}

/** Of the values that were drawn at a site of the workload: what is larger draws larger ones. */
export function sumOf(tape: Tape, site: string): number {
  return (tape.workload[site] ?? []).reduce((sum, value, index) => sum + (index % 2) * value, 0);
}

/** `agent-1` of `omit agent-1 op-3`, and of `agent-1 op-3`. */
function actorOf(site: string): string {
  return site.replace(/^omit /, '').replace(/ (op-)?\d+$/, '');
}

/** At most `count` of `items`, in their order. */
function draw<T>(dice: Uniform, items: readonly T[], count: number): readonly T[] {
  const left = [...items];
  const chosen = new Set<T>();
  while (chosen.size < count && left.length > 0) chosen.add(left.splice(dice.below(left.length), 1)[0]!);
  return items.filter((item) => chosen.has(item));
}

function omitted(sites: readonly string[]): Record<string, readonly number[]> {
  return Object.fromEntries(sites.map((site) => [site, [2, 1]]));
}
