import type { EligibleQueue } from '../eligible-queue.ts';
import type { SimTask } from '../sim-task.ts';
import type { Strategy } from './strategy.ts';

/**
 * One pick that was not first in line, told by who was concerned rather than by positions: it means the same
 * when other tasks come or go. A moment is `path@n`: what the task waits for after its n-th step; `path@n+1`
 * is the second of several things.
 */
export interface Overtaking {
  readonly who: string;
  /** The first in line at that time. */
  readonly whom: string;
}

interface Overtaker {
  readonly who: string;
  readonly path: string;
  readonly steps: number;
  readonly before: number;
}

/** In order, but for these. Given those of a whole run, it is that run's schedule again. */
export class Overtakings implements Strategy {
  readonly #byWhom = new Map<string, Overtaker[]>();

  constructor(overtakings: readonly Overtaking[]) {
    for (const { who, whom } of overtakings) {
      const others = this.#byWhom.get(whom);
      if (others === undefined) this.#byWhom.set(whom, [overtakerOf(who)]);
      else others.push(overtakerOf(who));
    }
  }

  /** Those that have not come about. */
  get left(): readonly Overtaking[] {
    return [...this.#byWhom].flatMap(([whom, others]) => others.map(({ who }) => ({ who, whom })));
  }

  pick(eligible: EligibleQueue): number {
    const others = this.#byWhom.get(momentOf(eligible.at(0).task));
    if (others === undefined) return 0;
    for (let position = 0; position < others.length; position++) {
      const index = indexOf(eligible, others[position]!);
      if (index <= 0) continue;
      others.splice(position, 1);
      return index;
    }
    return 0;
  }
}

/** What the pick of `index` amounts to; `index` is not 0. */
export function overtakingAt(eligible: EligibleQueue, index: number): Overtaking {
  const { task } = eligible.at(index);
  let before = 0;
  for (let position = 0; position < index; position++) if (eligible.at(position).task === task) before++;
  const who = before === 0 ? momentOf(task) : `${momentOf(task)}+${before}`;
  return { who, whom: momentOf(eligible.at(0).task) };
}

function momentOf({ path, steps }: SimTask): string {
  return `${path}@${steps}`;
}

function overtakerOf(who: string): Overtaker {
  const [, path = '', steps = '', before = '0'] = /^(.*)@(\d+)(?:\+(\d+))?$/.exec(who) ?? [];
  return { who, path, steps: Number(steps), before: Number(before) };
}

function indexOf(eligible: EligibleQueue, { path, steps, before }: Overtaker): number {
  let left = before;
  for (let index = 0; index < eligible.length; index++) {
    const { task } = eligible.at(index);
    if (task.steps === steps && task.path === path && left-- === 0) return index;
  }
  return -1;
}
