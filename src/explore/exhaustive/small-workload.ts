import type { Ports } from '../../ports/index.ts';
import { type ScheduleCoverage, schedulesClaim } from './delayed-schedules.ts';

/** Something small enough to try all that can happen to it: on one machine, without a network. */
export interface SmallWorkload {
  /** What a power loss may do to the disk: the name of a crash profile. */
  readonly crashProfile: string;
  /** Does its work once, and promises what must survive from then on. */
  work(ports: Ports, promise: (what: string) => void): Promise<void>;
  /** Starts on what a power loss has left; throws when that breaks a promise. */
  recover(ports: Ports, promised: readonly string[]): Promise<void>;
}

export interface ExhaustiveLimits {
  readonly delaysMax: number;
  readonly schedulesMax: number;
  /** Most images that are made of the disk at one crash point. */
  readonly imagesPerPointMax: number;
}

/** How a workload can be broken, and how to get there. */
export interface ExhaustiveFailure {
  readonly delays: readonly number[];
  /** The power went before this step, counted from 1; absent when the work itself failed. */
  readonly crashBeforeStep: number | undefined;
  readonly error: unknown;
}

/** What was tried, and with what result. */
export interface ExhaustiveCoverage extends ScheduleCoverage {
  /** Moments at which the power was lost: before each step of each schedule, and at its end. */
  readonly crashPoints: number;
  /** Disks that a power loss might have left, over all crash points. */
  readonly images: number;
  /** Recoveries: images that differ, or had other promises to keep. */
  readonly recoveries: number;
  /** No crash point had more images than the limit, nor choices of which only some values were tried. */
  readonly isEveryImage: boolean;
  readonly failures: readonly ExhaustiveFailure[];
}

/** What was proved, in a sentence that claims no more. */
export function claimOf(coverage: ExhaustiveCoverage): string {
  const { schedules, crashPoints, images, recoveries, isEveryImage, failures } = coverage;
  if (failures.length > 0)
    return `broken in ${failures.length} ways, by ${schedules} schedules and ${recoveries} recoveries`;
  const subsets = isEveryImage ? 'every legal image' : 'some of the legal images';
  return (
    `proved up to: ${schedulesClaim(coverage)}, a power loss before every step (${crashPoints}), ` +
    `${subsets} (${images}, ${recoveries} recoveries)`
  );
}
