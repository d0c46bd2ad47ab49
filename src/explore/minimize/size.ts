import type { PlayedRun } from '../play.ts';
import type { CaseSize } from '../run-record.ts';
import { places, valueAt } from './candidate.ts';

/** What a crash did to single sectors and names is part of the crash. */
const effects: ReadonlySet<string> = new Set(['lost-size', 'lost-write', 'torn-write', 'lost-name']);

const order = ['faults', 'operations', 'tasks', 'deviations', 'steps', 'values'] as const;

/** `played` must have been observed, and recorded. */
export function sizeOf({ record, tasks, tape, observed }: PlayedRun): CaseSize {
  if (tape === undefined) throw new TypeError('Only a recorded run has a size.');
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.entries(counts).reduce((total, [name, count]) => (effects.has(name) ? total : total + count), 0);
  const slow = places(tape, ['schedule']).filter(({ site }) => site !== 'pick').length;
  const values = places(tape, ['knobs', 'workload', 'fault']);
  return {
    faults: sum(record.faults),
    operations: sum(record.operations),
    tasks,
    deviations: observed.overtakings.length + slow,
    steps: record.steps,
    values: values.reduce((total, place) => total + valueAt(tape, place), 0),
  };
}

/**
 * Whether `one` is smaller than `other`: has fewer faults and operations, which is what somebody has to read; or else
 * the first measure in which they differ decides.
 */
export function isSmaller(one: CaseSize, other: CaseSize): boolean {
  const more = one.faults + one.operations - (other.faults + other.operations);
  if (more !== 0) return more < 0;
  for (const measure of order) if (one[measure] !== other[measure]) return one[measure] < other[measure];
  return false;
}
