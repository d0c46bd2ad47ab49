/** One step of a run, in full. */
export interface TraceStep {
  readonly step: number;
  /** Virtual microseconds since the world began. */
  readonly timeMicros: number;
  /** The causal chain of the task that ran: `main/agent-3`. */
  readonly task: string;
  /** What was delivered: `fs.write`, `wake`, `timer`. */
  readonly operation: string;
  /** What it touched: a path, a mutex, nothing. */
  readonly resource: string;
  /** The 32 bits of its result that the digest saw. */
  readonly outcome: number;
  /** The digest's low word after this step. */
  readonly fingerprint: number;
}

/** Keeps the steps of a run. Exploration runs without one; a run worth a look is run again with it. */
export class Trace {
  readonly steps: TraceStep[] = [];
  readonly notes: TraceNote[] = [];
}

/** Something said between steps: an invocation, an acknowledgement, a log line. */
export interface TraceNote {
  readonly step: number;
  readonly timeMicros: number;
  readonly task: string;
  readonly text: string;
}

/** The first place where two traces differ, or `undefined` when they are the same. */
export function firstDifference(
  left: readonly TraceStep[],
  right: readonly TraceStep[],
): { readonly index: number; readonly left?: TraceStep; readonly right?: TraceStep } | undefined {
  const length = Math.max(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const one = left[index];
    const other = right[index];
    if (one === undefined || other === undefined || !sameStep(one, other)) {
      return {
        index,
        ...(one === undefined ? {} : { left: one }),
        ...(other === undefined ? {} : { right: other }),
      };
    }
  }
  return undefined;
}

function sameStep(one: TraceStep, other: TraceStep): boolean {
  return (
    one.timeMicros === other.timeMicros &&
    one.task === other.task &&
    one.operation === other.operation &&
    one.resource === other.resource &&
    one.outcome === other.outcome &&
    one.fingerprint === other.fingerprint
  );
}
