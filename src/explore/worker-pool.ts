import { Worker } from 'node:worker_threads';
import type { CampaignPlan } from './run-plan.ts';
import type { RunRecord } from './run-record.ts';

export interface WorkerPoolOptions {
  readonly plan: CampaignPlan;
  readonly jobs: number;
  readonly mutant: string | undefined;
}

/** What a worker is given to begin with. */
export interface WorkerInput {
  readonly plan: CampaignPlan;
  readonly mutant: string | undefined;
  /** One shared counter: the next position that nobody has taken. Set beyond the end to stop. */
  readonly next: SharedArrayBuffer;
  readonly positions: number;
  readonly firstRun: number;
  readonly runStride: number;
}

export interface WorkerOutput {
  readonly position: number;
  readonly record: RunRecord;
}

/** How far workers may be ahead of the run that is reported next, before records pile up. */
const postBatch = 32;

/** Threads that take runs from one counter; their records come back in the order of the runs. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** Plays `positions` runs; `runAt` must be linear. Leaving the loop early stops the workers. */
  async *records(positions: number, runAt: (position: number) => number): AsyncGenerator<RunRecord> {
    const next = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const input: WorkerInput = {
      plan: this.#options.plan,
      mutant: this.#options.mutant,
      next,
      positions: Math.min(positions, 2 ** 31 - 1),
      firstRun: runAt(0),
      runStride: runAt(1) - runAt(0),
    };
    const arrived = new Map<number, RunRecord>();
    let running = this.#options.jobs;
    let failure: unknown;
    let wake: () => void = () => undefined;
    const workers = Array.from({ length: running }, () => {
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: input });
      worker.on('message', (outputs: readonly WorkerOutput[]) => {
        for (const { position, record } of outputs) arrived.set(position, record);
        wake();
      });
      worker.on('error', (error) => {
        failure ??= error;
        wake();
      });
      worker.on('exit', () => {
        running--;
        wake();
      });
      return worker;
    });
    try {
      for (let position = 0; position < positions; position++) {
        for (;;) {
          const record = arrived.get(position);
          if (record !== undefined) {
            arrived.delete(position);
            yield record;
            break;
          }
          if (failure !== undefined) throw failure;
          if (running === 0) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      Atomics.store(new Int32Array(next), 0, 2 ** 31 - 1);
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  }
}

export { postBatch };
