import { exitCodes } from '../exit-code.ts';
import type { Heart } from './heart.ts';

/** Takes the place of the default, for machines or arenas that are slower than any we know. */
const hangVariable = 'STEMEDB_SIM_HANG_SECONDS';

/** Steps come in thousands a millisecond; the slowest thing between two beats takes under a second. */
const hangSecondsDefault = 30;

/** To load what it needs a thread may take so many times longer. */
const beginningFactor = 10;

/** How often somebody should ask whether a thread is silent. */
export const looksPerSecond = 4;

/** Feels whether a thread makes progress, from outside. */
export class Pulse {
  readonly #heart: Heart;
  readonly #hangMs: number;
  #beats = 0;
  /** What the process had used of processors when the last beat was felt. */
  #cpuMs = cpuMs();

  /** `hangMs`: a thread hangs that has not beaten while it could have had as much of a processor. */
  constructor(heart: Heart, hangMs = hangMsDefault()) {
    this.#heart = heart;
    this.#hangMs = hangMs;
  }

  /** Until now the thread had nothing to do. */
  excuse(): void {
    this.#beats = this.#heart.beats;
    this.#cpuMs = cpuMs();
  }

  /**
   * Real time would not do: on a busy machine, or while the process is stopped, there is none for a thread. One that
   * spins takes its share of what the process uses, one of so many `threads`.
   */
  isSilent(threads: number): boolean {
    const { beats } = this.#heart;
    if (beats !== this.#beats) this.excuse();
    const patience = this.#hangMs * (beats === 0 ? beginningFactor : 1);
    return cpuMs() - this.#cpuMs > patience * threads;
  }
}

/** What `STEMEDB_SIM_HANG_SECONDS` is, is no number of seconds. */
class HangVariableError extends Error {
  readonly code = 'SIM_HANG_SECONDS';
  readonly exitCode = exitCodes.usage;

  constructor(value: string) {
    super(`${hangVariable} is "${value}": say after how many seconds of processor time a run hangs.`);
    this.name = 'HangVariableError';
  }
}

/** Milliseconds of processor time without a step after which a run hangs. */
export function hangMsDefault(): number {
  const value = process.env[hangVariable] ?? '';
  if (value === '') return hangSecondsDefault * 1000;
  const seconds = Number(value);
  if (!(seconds > 0)) throw new HangVariableError(value);
  return seconds * 1000;
}

/** What all threads of this process have used of processors. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
