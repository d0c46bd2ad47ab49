import type { ChoicePoint } from './choice-log.ts';

export interface ScheduleCoverage {
  readonly schedules: number;
  /** Every schedule with so many delays was played; -1 when not even the one without. */
  readonly delaysProved: number;
}

export interface ScheduleWalk {
  readonly delaysMax: number;
  readonly schedulesMax: number;
  /** Plays the schedule with delays at these steps and tells where it had a choice; `undefined` ends the walk. */
  play(delays: readonly number[]): Promise<readonly ChoicePoint[] | undefined>;
}

interface Schedule {
  readonly delays: readonly number[];
  readonly points: readonly ChoicePoint[];
}

/**
 * Plays every schedule that differs from the one in order by at most `delaysMax` delays, each once; those with
 * fewer delays first. Emmi, Qadeer, Rakamarić: "Delay-Bounded Scheduling", POPL 2011.
 */
export async function walkSchedules(walk: ScheduleWalk): Promise<ScheduleCoverage> {
  let schedules = 0;
  let level: Schedule[] = [];
  for (let delaysProved = -1; delaysProved < walk.delaysMax; delaysProved++) {
    const next: Schedule[] = [];
    const candidates = delaysProved === -1 ? [[]] : level.flatMap(extensions);
    for (const delays of candidates) {
      if (schedules >= walk.schedulesMax) return { schedules, delaysProved };
      const points = await walk.play(delays);
      schedules++;
      if (points === undefined) return { schedules, delaysProved };
      next.push({ delays, points });
    }
    level = next;
  }
  return { schedules, delaysProved: walk.delaysMax };
}

/** One delay more, at or after the last; of `width` operations at one choice all but one can be delayed. */
function extensions({ delays, points }: Schedule): number[][] {
  const last = delays.at(-1) ?? 0;
  const atLast = delays.filter((step) => step === last).length;
  return points
    .filter(({ step, width }) => step > last || (step === last && atLast < width - 1))
    .map(({ step }) => delays.concat(step));
}

/** What was covered, to stand after "proved up to:". */
export function schedulesClaim({ schedules, delaysProved }: ScheduleCoverage): string {
  if (delaysProved < 0) return 'nothing, not even the schedule in order';
  const delays = delaysProved === 1 ? '1 delay' : `${delaysProved} delays`;
  return `every schedule of at most ${delays} (${schedules} played)`;
}
