import type { Choices, Draws } from '../choices/index.ts';
import type { FileSystemCall } from '../disk/index.ts';
import { methodOf } from './fault-model.ts';
import type { DiskFaultKind, DiskFaultRate, DiskFaults } from './rates.ts';

/**
 * Decides which calls are struck, by streams of the lane `fault` that are keyed by machine, method and kind.
 * A fault that is off, used up or out of place draws nothing.
 */
export class DiskFaultDice {
  /** A database is open on the machine, rather than being opened. */
  isServing = false;
  readonly #machine: string;
  readonly #faults: Partial<DiskFaults>;
  readonly #choices: Choices;
  readonly #struck = new Map<DiskFaultKind, number>();
  #isStopped = false;

  constructor(machine: string, faults: Partial<DiskFaults>, choices: Choices) {
    this.#machine = machine;
    this.#faults = faults;
    this.#choices = choices;
  }

  /** From now on nothing strikes, nothing that lasts is felt, and nothing is drawn. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Whether `call` is one that the fault could strike, or at which one that lasts is felt. */
  concerns(kind: DiskFaultKind, call: FileSystemCall): boolean {
    const rate = this.#faults[kind];
    if (rate === undefined || this.#isStopped) return false;
    if (!this.isServing && duringOf(rate) === 'serving') return false;
    return rate.under === undefined || call.path.includes(rate.under);
  }

  /** Whether `call` is struck. Value 0 is no fault. */
  strikes(kind: DiskFaultKind, call: FileSystemCall): boolean {
    const rate = this.#faults[kind];
    if (rate === undefined || rate.outOf === 0 || !this.concerns(kind, call)) return false;
    const struck = this.#struck.get(kind) ?? 0;
    if (struck >= rate.max) return false;
    if (this.stream(kind, call).choose(rate.outOf) !== rate.outOf - 1) return false;
    this.#struck.set(kind, struck + 1);
    return true;
  }

  /** In `[1, max]` virtual microseconds, short as likely as long. */
  micros(kind: DiskFaultKind, call: FileSystemCall, max: number): number {
    const draws = this.stream(kind, call);
    const octave = draws.choose(32 - Math.clz32(max));
    return Math.min(max, 2 ** octave + draws.choose(2 ** octave));
  }

  stream(kind: DiskFaultKind, { operation }: FileSystemCall): Draws {
    return this.#choices.stream('fault', `${this.#machine}:${methodOf[operation]}:${kind}`);
  }
}

function duringOf(rate: DiskFaultRate & { readonly lastingOutOf?: number | undefined }): string {
  return rate.during ?? ((rate.lastingOutOf ?? 0) > 0 ? 'serving' : 'always');
}
