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
  readonly waits: TraceWait[] = [];
  readonly disks: TraceDisk[] = [];
  readonly powerLosses: TracePowerLoss[] = [];
  readonly #asked = new Map<number, Pick<TraceWait, 'askedStep' | 'askedMicros'>>();

  /** An operation has been asked for; `sequence` names it. */
  asked(sequence: number, askedStep: number, askedMicros: number): void {
    this.#asked.set(sequence, { askedStep, askedMicros });
  }

  /** It is delivered in `step` to a task of `owner`, and so many others could have been. */
  delivered(sequence: number, step: number, owner: string, others: number): void {
    const asked = this.#asked.get(sequence);
    if (asked === undefined) return;
    this.#asked.delete(sequence);
    this.waits.push({ step, owner, ...asked, others });
  }

  /** Keeps what differs from the last look at that machine. */
  disk(look: TraceDisk): void {
    const last = this.disks.findLast(({ machine }) => machine === look.machine);
    const differs =
      last?.unsyncedBytes !== look.unsyncedBytes ||
      last.unsyncedNames !== look.unsyncedNames ||
      last.bytes !== look.bytes;
    if (differs) this.disks.push(look);
  }
}

/** How long the operation of a step had been asked for: from then until its step. */
export interface TraceWait {
  readonly step: number;
  /** Whose task it was: `node-1/2`, the second process on a machine; `main` for those who use machines. */
  readonly owner: string;
  readonly askedStep: number;
  readonly askedMicros: number;
  /** Operations that were eligible, too. */
  readonly others: number;
}

/** What a disk held after a step. */
export interface TraceDisk {
  readonly step: number;
  readonly timeMicros: number;
  readonly machine: string;
  /** In all files. */
  readonly bytes: number;
  /** Of these, written and not durable. */
  readonly unsyncedBytes: number;
  /** Changes of directory entries that are not durable. */
  readonly unsyncedNames: number;
}

/** A power loss: what was on the disk, and what was left of it. */
export interface TracePowerLoss {
  /** It came right after this step. */
  readonly step: number;
  readonly timeMicros: number;
  readonly machine: string;
  /** The crash profile, and the pattern of loss that was drawn. */
  readonly profile: string;
  readonly mode: string;
  readonly files: readonly FileLoss[];
  /** Directory entries that name something else than before. */
  readonly names: readonly { readonly path: string; readonly before: string; readonly after: string }[];
}

/** One file at a power loss, by offset. */
export interface FileLoss {
  readonly path: string;
  readonly sizeBefore: number;
  /** `null`: the file is gone. */
  readonly sizeAfter: number | null;
  /** Ascending, without gaps, over the larger of the two sizes. */
  readonly ranges: readonly LossRange[];
}

export interface LossRange {
  readonly from: number;
  readonly to: number;
  /**
   * `durable`: was synced. `kept`: was not, and is there all the same. `lost`: is as if it had not been written.
   * `torn`: neither as it was before the write nor as it was after it.
   */
  readonly fate: 'durable' | 'kept' | 'lost' | 'torn';
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
