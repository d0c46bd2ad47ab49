import type { Lane, Tape } from '../../sim/index.ts';
import {
  type Candidate,
  omissible,
  omitting,
  type Place,
  places,
  strikes,
  valueAt,
  withSites,
  withValue,
} from './candidate.ts';
import { earlierCrashes, earlierStrikes, nearby } from './nearby.ts';
import { isOperation, samples } from './sample.ts';
import type { Option, Search } from './search.ts';

/** One way of making a case smaller. Each leaves in `search` the best that it has found. */
export interface Pass {
  readonly name: string;
  /** Takes long: only worth it again once there are fewer faults and operations. */
  readonly isThorough?: true;
  run(search: Search): Promise<void>;
}

type Near = (candidate: Candidate) => readonly Candidate[];

/** In the order in which they are tried: what takes most away comes first. */
export const passes: readonly Pass[] = [
  {
    name: 'cut after the failure',
    run: async (search) => void (await search.attempt(search.best.candidate)),
  },
  { name: 'whole lanes', run: wholeLanes },
  { name: 'first operations', run: firstOperations },
  { name: 'small parts', isThorough: true, run: (search) => smallParts(search, 30_000, 0.5) },
  { name: 'faults', run: faults },
  { name: 'whole lanes, again', run: wholeLanes },
  { name: 'operations', run: (search) => operations(search) },
  { name: 'agents', run: (search) => agents(search) },
  { name: 'whole lanes, once more', run: wholeLanes },
  { name: 'operations and what is near', isThorough: true, run: (search) => operations(search, nearby) },
  { name: 'agents and what is near', isThorough: true, run: (search) => agents(search, nearby) },
  { name: 'faults, again', run: faults },
  { name: 'schedule', run: schedule },
  { name: 'crash moments', run: (search) => moved(search, earlierCrashes) },
  { name: 'strike moments', run: (search) => moved(search, earlierStrikes) },
  { name: 'losses', run: losses },
  { name: 'values', run: values },
  { name: 'smaller parts', isThorough: true, run: (search) => smallParts(search, 120_000, 1) },
];

/**
 * Tries every fault, operation and deviation once more, each by itself. When all fail to go, the case is
 * 1-minimal.
 */
export async function sweep(search: Search): Promise<void> {
  const each = { most: 1 };
  await search.takeAway(omissible(tapeOf(search), 'fault'), leavingOut('fault'), each);
  await search.takeAway(strikes(tapeOf(search)), calmed, each);
  await search.takeAway(omissible(tapeOf(search), 'workload'), leavingOut('workload'), each);
  await search.takeAway(search.best.candidate.overtakings, inTurn, each);
  await search.takeAway(places(tapeOf(search), ['schedule']), calmed, each);
}

/** Nothing out of turn, nothing slow, no faults, plain knobs: which of them matters at all? */
async function wholeLanes(search: Search): Promise<void> {
  const off = (candidate: Candidate, ...lanes: readonly Lane[]): Candidate => ({
    ...candidate,
    tape: Object.fromEntries(
      Object.entries(candidate.tape).map(([lane, sites]) => [
        lane,
        lanes.includes(lane as Lane) ? {} : sites,
      ]),
    ) as Tape,
  });
  const inOrder = (candidate: Candidate): Candidate => ({ ...candidate, overtakings: [] });
  await search.attempt(inOrder(off(search.best.candidate, 'schedule', 'fault', 'knobs')));
  await search.attempt(off(search.best.candidate, 'fault'));
  const isCalm = await search.attempt(inOrder(off(search.best.candidate, 'schedule')));
  if (!isCalm) {
    await search.attempt(inOrder(search.best.candidate));
    await search.attempt(off(search.best.candidate, 'schedule'));
  }
  await search.attempt(off(search.best.candidate, 'knobs'));
}

/**
 * A few operations under other schedules, as `samples` draws them. How small a part can be that
 * still fails nobody knows: short runs are soon played and seldom fail, so that all lengths take turns, each with as
 * many steps as the others.
 */
async function smallParts(search: Search, stepsMost: number, share: number): Promise<void> {
  for (let isSmaller = true; isSmaller;) {
    const whole = search.best;
    if (whole.size.faults + whole.size.operations <= smallEnough) return;
    const sizes = partSizes(whole.size.operations * share);
    isSmaller = false;
    for (let turn = 0; turn * stepsOfTurn < stepsMost && !isSmaller; turn++) {
      const operations = sizes[turn % sizes.length]!;
      const parts = samples(whole.candidate, operations, `${whole.digest} turn ${turn}`);
      isSmaller = (await search.firstOf(taggedTrue(parts), stepsOfTurn)) === true;
    }
  }
}

const stepsOfTurn = 3000;

/** Fewer than `most`, if that can be: one fewer, two thirds of it, two thirds of that and so on, the smallest first. */
function partSizes(most: number): readonly number[] {
  const sizes = new Set([Math.max(1, Math.ceil(most) - 1)]);
  for (let size = most; size > 1; size = Math.floor(size / 1.5)) sizes.add(Math.floor(size / 1.5));
  return [...sizes].filter((size) => size > 0).toReversed();
}

function* taggedTrue(candidates: Iterable<Candidate>): Generator<Option<true>> {
  for (const candidate of candidates) yield [candidate, true];
}

/** So few faults and operations are understood as they are. */
const smallEnough = 5;

async function faults(search: Search): Promise<void> {
  await search.takeAway(omissible(tapeOf(search), 'fault').toReversed(), leavingOut('fault'));
  await search.takeAway(strikes(tapeOf(search)).toReversed(), calmed);
}

async function agents(search: Search, near?: Near): Promise<void> {
  const sites = omissible(tapeOf(search), 'workload').filter((site) => !isOperation(site));
  await search.takeAway(sites.toReversed(), leavingOut('workload'), { nearby: near });
}

/** As few of the first operations as fail: what comes after them changes nothing in how they went. */
async function firstOperations(search: Search): Promise<void> {
  const sites = omissible(tapeOf(search), 'workload').filter((site) => isOperation(site));
  if (sites.length < manyOperations) return;
  for (let [low, high] = [0, sites.length]; high - low > 1;) {
    const middle = (low + high) >> 1;
    const isEnough = await search.attempt(leavingOut('workload')(search.best.candidate, sites.slice(middle)));
    if (isEnough) high = middle;
    else low = middle;
  }
}

const manyOperations = 24;

/** Over and over, for what was needed may not be any more. */
async function operations(search: Search, near?: Near): Promise<void> {
  for (let made = Infinity; search.best.size.operations < made;) {
    made = search.best.size.operations;
    const sites = omissible(tapeOf(search), 'workload').filter((site) => isOperation(site));
    await search.takeAway(sites.toReversed(), leavingOut('workload'), { nearby: near });
  }
}

/** Of a long schedule the smallest pieces are for the last sweep. */
const schedulePieces = 64;

async function schedule(search: Search): Promise<void> {
  const { overtakings } = search.best.candidate;
  const least = Math.max(1, Math.ceil(overtakings.length / schedulePieces));
  await search.takeAway(overtakings.toReversed(), inTurn, { least });
  const sites = Object.keys(tapeOf(search).schedule);
  await search.takeAway(sites.toReversed(), (best, taken) => forgetting(best, 'schedule', taken));
}

/** Faults that come earlier make shorter runs. */
async function moved(search: Search, earlier: Near): Promise<void> {
  const options = (): Iterable<Option<true>> => taggedTrue(earlier(search.best.candidate).toReversed());
  while ((await search.firstOf(options())) === true);
}

/** Crashes that lose everything, or nothing, rather than single files and sectors. */
async function losses(search: Search): Promise<void> {
  const modes = Object.keys(tapeOf(search).fault).filter((site) => /:crash-\d+ disk\.crash$/.test(site));
  for (const site of modes) {
    const { candidate } = search.best;
    const [domain = 0] = candidate.tape.fault[site] ?? [];
    const details = Object.keys(candidate.tape.fault).filter((other) => other.startsWith(`${site} `));
    const { tape } = forgetting(candidate, 'fault', details);
    await search.firstOf(
      [0, 2].map((mode) => [
        { ...candidate, tape: withSites(tape, 'fault', { [site]: [domain, mode] }) },
        mode,
      ]),
    );
  }
}

/** Calmer values: 0 for all of a site, then for each, then 1, then the half. */
async function values(search: Search): Promise<void> {
  for (const lane of ['knobs', 'workload', 'fault'] as const) {
    const sites = [...new Set(places(tapeOf(search), [lane]).map(({ site }) => site))];
    await search.takeAway(sites, (best, taken) => forgetting(best, lane, taken));
    const left = places(tapeOf(search), [lane]);
    for (let from: number | undefined = 0; from !== undefined;) {
      const last: number | undefined = await search.firstOf(smallerValues(search, left, from));
      from = last === undefined ? undefined : last + 1;
    }
  }
}

function* smallerValues(search: Search, left: readonly Place[], from: number): Generator<Option<number>> {
  const { tape, overtakings } = search.best.candidate;
  for (let index = from; index < left.length; index++) {
    const place = left[index]!;
    const value = valueAt(tape, place);
    for (const smaller of new Set([0, 1, value >> 1, value - 1])) {
      if (smaller < 0 || smaller >= value) continue;
      yield [{ tape: withValue(tape, place, smaller), overtakings }, index];
    }
  }
}

function tapeOf(search: Search): Tape {
  return search.best.candidate.tape;
}

function leavingOut(lane: Lane): (best: Candidate, sites: readonly string[]) => Candidate {
  return (best, sites) => ({ ...best, tape: omitting(best.tape, lane, sites) });
}

/** In order, where `taken` went out of turn. */
function inTurn(best: Candidate, taken: Candidate['overtakings']): Candidate {
  const isTaken = new Set(taken.map(({ who, whom }) => `${who} ${whom}`));
  const overtakings = best.overtakings.filter(({ who, whom }) => !isTaken.has(`${who} ${whom}`));
  return { ...best, overtakings };
}

function forgetting(candidate: Candidate, lane: Lane, sites: readonly string[]): Candidate {
  const gone = Object.fromEntries(sites.map((site) => [site, undefined]));
  return { ...candidate, tape: withSites(candidate.tape, lane, gone) };
}

function calmed(best: Candidate, taken: readonly Place[]): Candidate {
  return { ...best, tape: taken.reduce((tape, place) => withValue(tape, place, 0), best.tape) };
}
