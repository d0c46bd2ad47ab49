import { Worker } from 'node:worker_threads';
import type { RunPlan } from '../run-plan.ts';
import type { Candidate } from './candidate.ts';
import type { Player, Tried } from './player.ts';

/** What a thread is given to begin with. */
export interface ThreadInput {
  readonly plan: RunPlan;
  /** Of the failure that is looked for. */
  readonly signature: string;
  readonly mutant: string | undefined;
}

/** What a thread is asked to play; it answers with a `Tried`. */
export interface ThreadTask {
  readonly candidate: Candidate;
  readonly stepsMax: number | undefined;
}

interface Waiting {
  readonly task: ThreadTask;
  readonly resolve: (tried: Tried) => void;
  readonly reject: (error: unknown) => void;
}

/** Plays in worker threads, each with the planted bug in it, and each one candidate at a time. */
export class ThreadPlayer implements Player {
  readonly width: number;
  readonly #workers: Worker[] = [];
  readonly #idle: Worker[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #playing = new Map<Worker, Waiting>();
  #failure: unknown;

  constructor(input: ThreadInput, jobs: number) {
    this.width = jobs;
    for (let job = 0; job < jobs; job++) this.#begin(input);
  }

  async play(candidate: Candidate, stepsMax?: number): Promise<Tried> {
    if (this.#failure !== undefined) throw this.#failure;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task: { candidate, stepsMax }, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #begin(workerData: ThreadInput): void {
    const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData });
    this.#workers.push(worker);
    this.#idle.push(worker);
    worker.on('message', (tried: Tried) => {
      const played = this.#playing.get(worker);
      this.#playing.delete(worker);
      this.#idle.push(worker);
      played?.resolve(tried);
      this.#next();
    });
    worker.on('error', (error) => {
      this.#failure ??= error;
      for (const { reject } of [...this.#playing.values(), ...this.#waiting.splice(0)]) reject(error);
      this.#playing.clear();
    });
  }

  #next(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.shift()!;
      const next = this.#waiting.shift()!;
      this.#playing.set(worker, next);
      worker.postMessage(next.task);
    }
  }
}
