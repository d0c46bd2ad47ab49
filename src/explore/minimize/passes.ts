import type { Lane, Tape } from '../../sim/index.ts';
import {
  type Candidate,
  isDetail,
  omissible,
  omitting,
  type Place,
  places,
  valueAt,
  withSites,
  withValue,
} from './candidate.ts';
import { earlierCrashes, nearby } from './nearby.ts';
import type { Search } from './search.ts';

/** One way of making a case smaller. Each leaves in `search` the best that it has found. */
export interface Pass {
  readonly name: string;
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
  { name: 'faults', run: faults },
  { name: 'whole lanes, again', run: wholeLanes },
  { name: 'agents', run: (search) => agents(search) },
  { name: 'operations', run: (search) => operations(search) },
  { name: 'whole lanes, once more', run: wholeLanes },
  { name: 'operations and what is near', run: (search) => operations(search, nearby) },
  { name: 'agents and what is near', run: (search) => agents(search, nearby) },
  { name: 'faults, again', run: faults },
  { name: 'schedule', run: schedule },
  { name: 'crash moments', run: crashMoments },
  { name: 'losses', run: losses },
  { name: 'values', run: values },
];

/**
 * Tries every fault, operation and deviation once more, each by itself. When all fail to go, the case is
 * 1-minimal.
 */
export async function sweep(search: Search): Promise<void> {
  for (const site of omissible(tapeOf(search), 'fault'))
    await search.attempt(without(search, 'fault', [site]));
  for (const place of strikes(search)) await search.attempt(calmed(search.best.candidate, [place]));
  for (const site of omissible(tapeOf(search), 'workload')) {
    await search.attempt(without(search, 'workload', [site]));
  }
  for (const one of search.best.candidate.overtakings) {
    const { tape, overtakings } = search.best.candidate;
    await search.attempt({ tape, overtakings: overtakings.filter((other) => other !== one) });
  }
  for (const place of places(tapeOf(search), ['schedule'])) {
    await search.attempt(calmed(search.best.candidate, [place]));
  }
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

async function faults(search: Search): Promise<void> {
  const planned = omissible(tapeOf(search), 'fault').toReversed();
  await search.takeAway(planned, (best, taken) => leaveOut(best, 'fault', taken));
  await search.takeAway(strikes(search).toReversed(), calmed);
}

async function agents(search: Search, near?: Near): Promise<void> {
  const sites = omissible(tapeOf(search), 'workload').filter((site) => !/ op-\d+$/.test(site));
  await search.takeAway(sites.toReversed(), (best, taken) => leaveOut(best, 'workload', taken), near);
}

async function operations(search: Search, near?: Near): Promise<void> {
  const sites = omissible(tapeOf(search), 'workload').filter((site) => / op-\d+$/.test(site));
  await search.takeAway(sites.toReversed(), (best, taken) => leaveOut(best, 'workload', taken), near);
}

async function schedule(search: Search): Promise<void> {
  const { overtakings } = search.best.candidate;
  await search.takeAway(overtakings.toReversed(), (best, taken) => ({
    ...best,
    overtakings: best.overtakings.filter(
      (one) => !taken.some(({ who, whom }) => who === one.who && whom === one.whom),
    ),
  }));
  const sites = Object.keys(tapeOf(search).schedule);
  await search.takeAway(sites.toReversed(), (best, taken) => forgetting(best, 'schedule', taken));
}

/** Earlier crashes make shorter runs. */
async function crashMoments(search: Search): Promise<void> {
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (const near of earlierCrashes(search.best.candidate).toReversed()) {
      if (!(await search.attempt(near))) continue;
      isMoving = true;
      break;
    }
  }
}

/** Crashes that lose everything, or nothing, rather than single files and sectors. */
async function losses(search: Search): Promise<void> {
  const modes = Object.keys(tapeOf(search).fault).filter((site) => /:crash-\d+ disk\.crash$/.test(site));
  for (const site of modes) {
    for (const mode of [0, 2]) {
      const candidate = search.best.candidate;
      const [domain = 0] = candidate.tape.fault[site] ?? [];
      const details = Object.keys(candidate.tape.fault).filter((other) => other.startsWith(`${site} `));
      const { tape } = forgetting(candidate, 'fault', details);
      if (
        await search.attempt({ ...candidate, tape: withSites(tape, 'fault', { [site]: [domain, mode] }) })
      ) {
        break;
      }
    }
  }
}

/** Calmer values: 0 for all of a site, then for each, then 1, then the half. */
async function values(search: Search): Promise<void> {
  for (const lane of ['knobs', 'workload', 'fault'] as const) {
    const sites = [...new Set(places(tapeOf(search), [lane]).map(({ site }) => site))];
    await search.takeAway(sites, (best, taken) => forgetting(best, lane, taken));
    for (const place of places(tapeOf(search), [lane])) {
      const value = valueAt(tapeOf(search), place);
      for (const smaller of new Set([0, 1, value >> 1, value - 1])) {
        if (smaller < 0 || smaller >= value) continue;
        const { tape, overtakings } = search.best.candidate;
        if (await search.attempt({ tape: withValue(tape, place, smaller), overtakings })) break;
      }
    }
  }
}

/** Faults that a draw of their own decides on: a failed call, a lost message, one more crash while starting. */
function strikes(search: Search): readonly Place[] {
  return places(tapeOf(search), ['fault']).filter(({ site }) => !isDetail(site));
}

function tapeOf(search: Search): Tape {
  return search.best.candidate.tape;
}

function without(search: Search, lane: Lane, sites: readonly string[]): Candidate {
  return leaveOut(search.best.candidate, lane, sites);
}

function leaveOut(candidate: Candidate, lane: Lane, sites: readonly string[]): Candidate {
  return { ...candidate, tape: omitting(candidate.tape, lane, sites) };
}

function forgetting(candidate: Candidate, lane: Lane, sites: readonly string[]): Candidate {
  const gone = Object.fromEntries(sites.map((site) => [site, undefined]));
  return { ...candidate, tape: withSites(candidate.tape, lane, gone) };
}

function calmed(candidate: Candidate, taken: readonly Place[]): Candidate {
  return { ...candidate, tape: taken.reduce((tape, place) => withValue(tape, place, 0), candidate.tape) };
}
