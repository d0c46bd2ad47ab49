import type { TraceStep } from '../explore/index.ts';

/** One step of a traced run as a line. */
export function stepLine(one: TraceStep): string {
  const resource = one.resource === '' ? '' : ` ${one.resource}`;
  return `${String(one.step).padStart(7)}  t=${one.timeMicros}µs  ${one.task}  ${one.operation}${resource}  -> ${one.outcome.toString(16)}`;
}
