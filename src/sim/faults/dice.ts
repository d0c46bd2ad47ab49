import { type Choices, type Draws, type Stream, Strikes, type StrikeWatch } from '../choices/index.ts';
import type { FileSystemCall } from '../disk/index.ts';
import { methodOf } from './fault-model.ts';
import type { DiskFaultKind, DiskFaultRate, DiskFaults } from './rates.ts';

export interface DiskFaultDiceOptions {
  /** Name of the machine: part of the site of every draw. */
  readonly machine: string;
  readonly faults: Partial<DiskFaults>;
  readonly choices: Choices;
  /** Looks on, or decides instead. */
  readonly watch?: StrikeWatch | undefined;
  /** Number of the process that runs on the machine: only a `watch` asks. Default 0. */
  life?(): number;
}

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
  readonly #strikes: Strikes;
  readonly #life: () => number;
  readonly #struck = new Map<DiskFaultKind, number>();
  #isStopped = false;

  constructor({ machine, faults, choices, watch, life = () => 0 }: DiskFaultDiceOptions) {
    this.#machine = machine;
    this.#faults = faults;
    this.#choices = choices;
    this.#strikes = new Strikes(choices, watch);
    this.#life = life;
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
    const isStruck = this.#strikes.strikes(kind, rate.outOf, this.#stream(kind, call), () => ({
      fault: kind,
      where: this.#machine,
      life: this.#life(),
      operation: call.operation,
      path: call.path,
    }));
    if (!isStruck) return false;
    this.#struck.set(kind, struck + 1);
    return true;
  }

  /** In `[1, max]` virtual microseconds, short as likely as long. */
  micros(kind: DiskFaultKind, call: FileSystemCall, max: number): number {
    const draws = this.stream(kind, call);
    const octave = draws.choose(32 - Math.clz32(max));
    return Math.min(max, 2 ** octave + draws.choose(2 ** octave));
  }

  /** For what else is to be decided of the strike that has just come. */
  stream(kind: DiskFaultKind, call: FileSystemCall): Draws {
    return this.#strikes.details(kind, this.#stream(kind, call));
  }

  #stream(kind: DiskFaultKind, { operation }: FileSystemCall): Stream {
    return this.#choices.stream('fault', `${this.#machine}:${methodOf[operation]}:${kind}`);
  }
}

function duringOf(rate: DiskFaultRate & { readonly lastingOutOf?: number | undefined }): string {
  return rate.during ?? ((rate.lastingOutOf ?? 0) > 0 ? 'serving' : 'always');
}
