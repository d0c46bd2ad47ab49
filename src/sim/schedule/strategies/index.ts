import type { Uniform } from '../../choices/index.ts';
import { SimulationError } from '../../errors.ts';
import { InOrder } from './in-order.ts';
import { PriorityChangePoints } from './priority-change-points.ts';
import { RandomWalk } from './random-walk.ts';
import { Sticky } from './sticky.ts';
import type { Strategy } from './strategy.ts';

export { type Overtaking, overtakingAt, Overtakings } from './overtakings.ts';
export type { Strategy } from './strategy.ts';

interface StrategyEntry {
  readonly name: string;
  readonly summary: string;
  create(uniform: Uniform, choicesPerRun: number): Strategy;
}

const pct = (depth: number): StrategyEntry => ({
  name: `pct-${depth}`,
  summary: `random priorities that change ${depth - 1} times (PCT, depth ${depth})`,
  create: (uniform, choicesPerRun) => new PriorityChangePoints(uniform, { depth, choicesPerRun }),
});

/** Every strategy by name: the one place to register another. */
export const strategies: readonly StrategyEntry[] = [
  { name: 'random', summary: 'uniform among the eligible', create: (uniform) => new RandomWalk(uniform) },
  { name: 'sticky', summary: 'stays with the last task, 7 of 8', create: (uniform) => new Sticky(uniform) },
  pct(1),
  pct(2),
  pct(3),
  pct(5),
  { name: 'in-order', summary: 'first in line: faults only, no reordering', create: () => new InOrder() },
];

export function createStrategy(name: string, uniform: Uniform, choicesPerRun: number): Strategy {
  const entry = strategies.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    const known = strategies.map((candidate) => candidate.name).join(', ');
    throw new SimulationError('SIM_UNKNOWN_STRATEGY', `No strategy "${name}". Use one of: ${known}.`);
  }
  return entry.create(uniform, choicesPerRun);
}
