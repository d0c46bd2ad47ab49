import type { Draws, Machine } from '../sim/index.ts';
import type { FaultKit } from './fault-kit.ts';
import { drawAmount, drawDistance } from './log-uniform.ts';
import type { CrashLoopFaults, PauseFaults } from './scenario.ts';

/** Plans the moments of this run at which the process on `machine` stands still, and for how long. */
export function faultPace(kit: FaultKit, machine: Machine, faults: PauseFaults): void {
  const pause = (ms: number, next: () => void): boolean => {
    const { process } = machine;
    if (process === undefined) {
      next();
      return false;
    }
    process.pause();
    kit.onEnd(() => process.resume());
    kit.note(machine, { kind: 'pause', number: ms });
    kit.injected('pause', machine, `stands still for ${ms} ms`);
    kit.after(ms, 'resume', machine, () => {
      process.resume();
      next();
    });
    return true;
  };
  if (kit.follows(machine, 'pause', ({ number }) => pause(number, () => undefined))) return;
  kit.sequence(machine, 'pauses', faults, (draws, next) => {
    pause(1 + drawAmount(draws, faults.msMax - 1), next);
  });
}

/**
 * Crashes a machine several times in a row: the first crash comes at any moment, each that follows while the
 * machine recovers from the last.
 */
export class CrashLoop {
  readonly #kit: FaultKit;
  readonly #machine: Machine;
  readonly #faults: CrashLoopFaults;
  readonly #crash: () => void;
  readonly #draws: Draws;
  #loopsLeft: number;
  #crashesLeft = 0;
  #starts = 0;
  #isOpening = false;
  #openingAtStep = 0;
  /** Most steps that opening has taken so far: what is aimed at. */
  #openingSteps = 1;

  /** `crash` is one crash, of a kind that the scenario has. */
  constructor(kit: FaultKit, machine: Machine, faults: CrashLoopFaults, crash: () => void) {
    this.#kit = kit;
    this.#machine = machine;
    this.#faults = faults;
    this.#crash = crash;
    this.#draws = kit.draws(machine, 'crash-loops');
    this.#loopsLeft = this.#draws.choose(faults.max + 1);
    this.#planLoop();
  }

  /** To be called when a start begins to open what is there, and when that is open. */
  setServing(isServing: boolean): void {
    const { steps } = this.#kit;
    if (isServing) this.#openingSteps = Math.max(this.#openingSteps, steps() - this.#openingAtStep);
    else {
      this.#openingAtStep = steps();
      this.#starts += 1;
    }
    this.#isOpening = !isServing;
    if (this.#crashesLeft === 0) return;
    // It was faster than the next crash: that was the loop.
    if (isServing) this.#endLoop();
    else this.#planCrash(this.#starts);
  }

  #planLoop(): void {
    if (this.#loopsLeft === 0) return;
    const distance = drawDistance(this.#draws, this.#faults.distanceStepsMax);
    this.#kit.afterSteps(distance, 'crash-loop', () => {
      if (this.#kit.isOver()) return;
      this.#crashesLeft = 2 + this.#draws.choose(this.#faults.crashesMax - 1);
      this.#strike();
    });
  }

  #planCrash(start: number): void {
    this.#kit.afterSteps(drawDistance(this.#draws, this.#openingSteps), 'crash-loop', () => {
      if (this.#kit.isOver() || !this.#isOpening || start !== this.#starts) return;
      this.#kit.injected('crash-loop', this.#machine, 'crashes while it recovers from the last crash');
      this.#strike();
    });
  }

  #strike(): void {
    this.#crashesLeft -= 1;
    this.#crash();
    if (this.#crashesLeft === 0) this.#endLoop();
  }

  #endLoop(): void {
    this.#crashesLeft = 0;
    this.#loopsLeft -= 1;
    this.#planLoop();
  }
}
