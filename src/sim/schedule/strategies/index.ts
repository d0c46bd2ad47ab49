import type { Uniform } from '../../choices/index.ts';
import { SimulationError } from '../../errors.ts';
import type { ScheduleProfile } from '../profile.ts';
import { DelayBounded } from './delay-bounded.ts';
import { InOrder } from './in-order.ts';
import { PartialOrderSampling } from './partial-order.ts';
import { PriorityChangePoints } from './priority-change-points.ts';
import { RandomWalk } from './random-walk.ts';
import { SelectivelyUniform } from './selectively-uniform.ts';
import { Sticky } from './sticky.ts';
import type { Strategy } from './strategy.ts';

export { DelayBounded } from './delay-bounded.ts';
export { type Overtaking, overtakingAt, Overtakings } from './overtakings.ts';
export { RandomWalk } from './random-walk.ts';
export type { Strategy } from './strategy.ts';

interface StrategyEntry {
  readonly name: string;
  readonly summary: string;
  /** Whether it is worth to measure a schedule first: without that it goes by a guess. */
  readonly needsProfile: boolean;
  create(uniform: Uniform, profile: ScheduleProfile): Strategy;
}

const pct = (depth: number): StrategyEntry => ({
  name: `pct-${depth}`,
  summary: `random priorities that change ${depth - 1} times (PCT, depth ${depth})`,
  needsProfile: true,
  create: (uniform, { steps }) => new PriorityChangePoints(uniform, { depth, steps }),
});

const delay = (count: number): StrategyEntry => ({
  name: `delay-${count}`,
  summary: `in order, but the head of the line is sent to its end ${count === 1 ? 'once' : `${count} times`}`,
  needsProfile: true,
  create: (uniform, { steps }) => DelayBounded.drawn(uniform, count, steps),
});

/** Every strategy by name: the one place to register another. */
export const strategies: readonly StrategyEntry[] = [
  {
    name: 'random',
    summary: 'uniform among the eligible',
    needsProfile: false,
    create: (uniform) => new RandomWalk(uniform),
  },
  {
    name: 'sticky',
    summary: 'stays with the last task, 7 of 8',
    needsProfile: false,
    create: (uniform) => new Sticky(uniform),
  },
  pct(1),
  pct(2),
  pct(3),
  pct(5),
  {
    name: 'pos',
    summary: 'random priorities of operations, drawn anew where resources meet (POS)',
    needsProfile: false,
    create: (uniform) => new PartialOrderSampling(uniform),
  },
  {
    name: 'surw',
    summary: 'every interleaving of what is shared as likely as any other (SURW)',
    needsProfile: true,
    create: (uniform, profile) => new SelectivelyUniform(uniform, profile),
  },
  delay(1),
  delay(2),
  {
    name: 'in-order',
    summary: 'first in line: faults only, no reordering',
    needsProfile: false,
    create: () => new InOrder(),
  },
];

/** The schedule in order with delays at just these steps: `delay@120`, `delay@120+431`. */
const delaysNamed = /^delay@(\d{1,9}(?:\+\d{1,9})*)$/;

/** The name of the strategy with delays at just these steps. */
export function nameOfDelays(steps: readonly number[]): string {
  return steps.length === 0 ? 'in-order' : `delay@${steps.join('+')}`;
}

export function isStrategyName(name: string): boolean {
  return delaysNamed.test(name) || strategies.some((entry) => entry.name === name);
}

/** The strategy of that name. Throws `SIM_UNKNOWN_STRATEGY`, naming those there are. */
export function createStrategy(name: string, uniform: Uniform, profile: ScheduleProfile): Strategy {
  const delays = delaysNamed.exec(name)?.[1];
  if (delays !== undefined) return new DelayBounded(delays.split('+').map(Number));
  const entry = strategies.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    const known = strategies.map((candidate) => candidate.name).join(', ');
    throw new SimulationError('SIM_UNKNOWN_STRATEGY', `No strategy "${name}". Use one of: ${known}.`);
  }
  return entry.create(uniform, profile);
}
