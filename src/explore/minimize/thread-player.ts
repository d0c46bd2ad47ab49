import type { PlayedRun, PlayOptions } from '../play.ts';
import type { RunPlan } from '../run-plan.ts';
import type { PlayThreads } from '../threads/play-threads.ts';
import type { Candidate } from './candidate.ts';
import type { Player, Tried } from './player.ts';

/** Plays in threads, which it closes in the end. A candidate that hangs fails in another way than it should. */
export class ThreadPlayer implements Player {
  readonly #threads: PlayThreads;
  readonly #plan: RunPlan;
  readonly #signature: string;

  /** `signature`: of the failure that is looked for. */
  constructor(threads: PlayThreads, plan: RunPlan, signature: string) {
    this.#threads = threads;
    this.#plan = plan;
    this.#signature = signature;
  }

  get width(): number {
    return this.#threads.width;
  }

  play(candidate: Candidate, stepsMax?: number): Promise<Tried> {
    return this.#threads.try({ plan: this.#plan, signature: this.#signature, candidate, stepsMax });
  }

  replay(options: PlayOptions): Promise<PlayedRun> {
    return this.#threads.play(this.#plan, options);
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
