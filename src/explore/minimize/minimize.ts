import type { ArenaSource } from '../arena-source.ts';
import type { Catalogue } from '../catalogue.ts';
import { exitCodes } from '../exit-code.ts';
import type { PlayedRun } from '../play.ts';
import type { RunFile } from '../run-file.ts';
import type { RunPlan } from '../run-plan.ts';
import type { MinimizedCase } from '../run-record.ts';
import { type Pass, passes, sweep } from './passes.ts';
import { type Found, foundIn, LocalPlayer, type Player, replayOf } from './player.ts';
import { PlayThreads } from '../threads/play-threads.ts';
import { isHang } from '../watchdog/hang.ts';
import { hangMsDefault } from '../watchdog/pulse.ts';
import { BudgetSpent, Search } from './search.ts';
import { ThreadPlayer } from './thread-player.ts';
import { storyOf } from './story.ts';

export interface MinimizeOptions {
  /** Most runs to play; the same number gives the same result on every machine. */
  readonly triesMax?: number;
  /** Most real milliseconds in this sitting. What it comes to may differ between machines. */
  readonly wallMsMax?: number;
  /**
   * Threads that play candidates side by side. Changes the time, not the result. Without it this thread plays, and a
   * candidate that hangs never ends.
   */
  readonly jobs?: number | undefined;
  /** What the threads load instead of all arenas. */
  readonly source?: ArenaSource | undefined;
  /** Spends no more once this says so. */
  readonly stop?: (() => boolean) | undefined;
  /** Called before each try. */
  readonly onProgress?: ((progress: MinimizeProgress) => void) | undefined;
}

export interface MinimizeProgress {
  readonly stepsBefore: number;
  /** Of the smallest run so far. */
  readonly steps: number;
  readonly tries: number;
}

/** Two replays of one tape were two different runs: nothing can be learned from either. */
export class NondeterminismError extends Error {
  readonly code = 'SIM_NONDETERMINISM';
  readonly exitCode = exitCodes.nondeterminism;

  constructor(seed: string, digests: readonly string[]) {
    super(`The run of seed ${seed} is not deterministic: its digests are ${digests.join(' and ')}.`);
    this.name = 'NondeterminismError';
  }
}

/** What is given cannot be minimized. */
export class MinimizeError extends Error {
  readonly code = 'SIM_NOT_MINIMIZABLE';
  readonly exitCode = exitCodes.usage;

  constructor(reason: string) {
    super(`There is nothing to minimize: ${reason}.`);
    this.name = 'MinimizeError';
  }
}

const triesMaxDefault = 3000;
const wallMsMaxDefault = 30_000;

/** A candidate that hangs must not take the time of all others: it is given less of it than a run is elsewhere. */
const hangPart = 1 / 3;

/** How often the sweep may find something after all, and everything begins again. */
const roundsMax = 8;

/**
 * From a failing run to a small one that fails in the same way. A case that an earlier sitting left with
 * its budget spent is taken up where it was.
 */
export async function minimize(
  catalogue: Catalogue,
  file: RunFile,
  options: MinimizeOptions = {},
): Promise<MinimizedCase> {
  const player = playerFor(catalogue, file, options);
  try {
    return await minimizeWith(player, file, options);
  } finally {
    await player.close();
  }
}

/** The same by a player of the run in `file`. */
export async function minimizeWith(
  player: Player,
  file: RunFile,
  options: MinimizeOptions,
): Promise<MinimizedCase> {
  const begun = performance.now();
  const { triesMax = triesMaxDefault, wallMsMax = wallMsMaxDefault } = options;
  const { record, minimized: before } = file;
  if (isHang(record)) throw new MinimizeError('it hangs, which takes each candidate too long to find out');
  if (record.signature === null || record.verdict !== 'violated') throw new MinimizeError('the run held');
  const { seed } = record;
  const original = await replayTwice(player, seed, file.tape);
  if (original.record.signature !== record.signature) {
    throw new MinimizeError(
      `it does not fail with ${record.signature} any more, but ${original.record.signature ?? 'held'}`,
    );
  }
  const sizeBefore = before?.sizeBefore ?? foundIn(original).size;
  const start = await firstFound(player, original, before);
  const search = new Search(player, record.signature, start, {
    triesMax,
    // Asked before each try.
    isTimeUp: () => {
      const { best, tries } = search;
      options.onProgress?.({ stepsBefore: sizeBefore.steps, steps: best.size.steps, tries });
      return performance.now() - begun > wallMsMax || options.stop?.() === true;
    },
  });
  const isMinimal = await work(search);
  const played = await player.replay(replayOf(search.best.candidate));
  const twice = await replayTwice(player, seed, played.tape!);
  const digests = new Set([search.best.digest, played.record.digest, twice.record.digest]);
  if (digests.size > 1) throw new NondeterminismError(seed, [...digests]);
  return {
    record: played.record,
    failure: played.failure!,
    knobs: played.knobs,
    history: played.history,
    story: storyOf(played),
    tape: played.tape!,
    overtakings: played.observed.overtakings,
    sizeBefore,
    size: search.best.size,
    outcome: isMinimal ? '1-minimal' : 'budget-spent',
    tries: search.tries + (before?.tries ?? 0),
    wallMs: Math.round(performance.now() - begun) + (before?.wallMs ?? 0),
    passes: [...(before?.passes ?? []), ...search.passes],
    slipped: search.slipped,
    pointOfNoReturn: null,
  };
}

/** Plays in `jobs` threads, or, without any, in this one. */
export function playerFor(
  catalogue: Catalogue,
  { record, mutant }: RunFile,
  { jobs, source }: Pick<MinimizeOptions, 'jobs' | 'source'>,
): Player {
  const { arena, scenario, strategy, seed, run } = record;
  const plan: RunPlan = { arena, scenario, strategy, seed, run };
  const signature = record.signature ?? '';
  if (jobs === undefined) return new LocalPlayer(catalogue, plan, signature);
  const hangMs = hangMsDefault() * hangPart;
  return new ThreadPlayer(
    new PlayThreads({ jobs, mutant: mutant ?? undefined, source, hangMs }),
    plan,
    signature,
  );
}

/** Whether the last sweep took nothing away: the case is 1-minimal. */
async function work(search: Search): Promise<boolean> {
  const triedAt = new Map<Pass, number>();
  try {
    for (let round = 0; round < roundsMax; round++) {
      for (const pass of passes) {
        const { faults, operations } = search.best.size;
        if (pass.isThorough === true && triedAt.get(pass) === faults + operations) continue;
        search.begin(pass.name);
        await pass.run(search);
        triedAt.set(pass, search.best.size.faults + search.best.size.operations);
      }
      const { size } = search.best;
      search.begin('last sweep');
      await sweep(search);
      if (search.best.size === size) return true;
    }
    return false;
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return false;
  } finally {
    search.end();
  }
}

/** The run with its schedule told by overtakings: it must fail in the same way, or there is nothing to go by. */
async function firstFound(
  player: Player,
  original: PlayedRun,
  before: MinimizedCase | undefined,
): Promise<Found> {
  const known = before ?? { tape: original.tape!, overtakings: original.observed.overtakings };
  const played = await player.replay(replayOf(known));
  if (played.record.signature === original.record.signature) return foundIn(played);
  throw new MinimizeError(
    `its schedule, told by who overtakes whom, leads to ${played.record.signature ?? 'no failure'}`,
  );
}

async function replayTwice(player: Player, seed: string, tape: RunFile['tape']): Promise<PlayedRun> {
  const options = { replay: { mode: 'strict', tape }, record: true, observe: true } as const;
  const one = await player.replay(options);
  const other = await player.replay(options);
  const digests = [one.record.digest, other.record.digest];
  if (digests[0] !== digests[1]) throw new NondeterminismError(seed, digests);
  return one;
}
