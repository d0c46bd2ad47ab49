/** What there is between two steps of a world. Plain data. */
export interface WorldState {
  /** By name, in the order in which they were made. */
  readonly machines: Readonly<Record<string, MachineState>>;
  /**
   * Tasks that have not ended, by path, each with what it waits for: between two steps every task waits. One that
   * has died with its process is gone.
   */
  readonly tasks: Readonly<Record<string, TaskState>>;
}

export interface MachineState {
  readonly clock: ClockState;
  /** The process that runs: `node-1/2` is the second on its machine; `null` when none does. */
  readonly process: string | null;
  /** Whether the process stands still, as by SIGSTOP. */
  readonly isPaused: boolean;
  /** By path. A file whose name is gone, but is open or may come back, has `(gone)` at its end. */
  readonly files: Readonly<Record<string, FileState>>;
}

/** How a wall clock goes, rather than what it shows, so that it differs only when somebody has set it. */
export interface ClockState {
  /** What it showed when it was last set, as milliseconds since 1970. */
  readonly anchorWallMs: number;
  /** When that was, in virtual time. */
  readonly anchorMicros: number;
  readonly driftPpm: number;
  readonly isFrozen: boolean;
}

/** A file or directory, as readers see it and as a power loss might leave it. */
export interface FileState {
  readonly kind: 'file' | 'directory';
  /** Of a directory 0. */
  readonly size: number;
  /** The size that a power loss leaves if it takes back all that is not durable. */
  readonly durableSize: number;
  /** Written and not durable: ascending, apart, within `size`. */
  readonly unsynced: readonly ByteRange[];
  /** Pages that a failed sync counts as written though the disk holds something older. */
  readonly stale: readonly ByteRange[];
  /** `unsynced`: its newest name is not durable. `removed`: it has none, and perhaps an older one comes back. */
  readonly name: 'durable' | 'unsynced' | 'removed';
}

/** From the first byte to the one behind the last. */
export type ByteRange = readonly [from: number, to: number];

export interface TaskState {
  /** With whom it ends: `node-1/2`; `main` for those who use machines. */
  readonly owner: string;
  /** Usually one; more when it has asked for several things at once. */
  readonly waits: readonly TaskWait[];
}

export interface TaskWait {
  /** `fs.write /wal/000001.seg`, `mutex wal.append`, `timer`. */
  readonly on: string;
  /**
   * `ready`: may be delivered next. `later`: not before `dueMicros`. `parked`: until another task wakes it. `paused`:
   * until its process goes on.
   */
  readonly state: 'ready' | 'later' | 'parked' | 'paused';
  /** After which step it began to wait, or from which one on states were kept. */
  readonly sinceStep: number;
  readonly sinceMicros: number;
  readonly dueMicros?: number | undefined;
  /** The task that has what it waits for, where that is known. */
  readonly heldBy?: string | undefined;
}

/** What the wall clock shows at a virtual time, in milliseconds since 1970. */
export function wallMsAt(clock: ClockState, timeMicros: number): number {
  const elapsedMs = (timeMicros - clock.anchorMicros) / 1000;
  const rate = clock.isFrozen ? 0 : 1 + clock.driftPpm / 1e6;
  return Math.floor(clock.anchorWallMs + elapsedMs * rate);
}
