import { Worker } from 'node:worker_threads';
import type { MinimizeProgress } from '../minimize/index.ts';
import type { Replayed } from '../replay-states.ts';
import type { RunFile } from '../run-file.ts';
import type { RunRecord } from '../run-record.ts';
import type {
  Examination,
  ExaminerInput,
  Findings,
  MinimizeOutcome,
  Request,
  Response,
} from './examination.ts';

interface Call {
  resolve(finding: unknown): void;
  reject(error: unknown): void;
  onProgress?: ((progress: MinimizeProgress) => void) | undefined;
}

/**
 * Plays failing runs again in a thread of its own, one examination after the other, so that whoever asks stays
 * free to answer a person. The thread begins with the first examination, and lives until `close`.
 */
export class Examiner {
  readonly #mutant: string | undefined;
  readonly #stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #calls = new Map<number, Call>();
  #worker: Worker | undefined;
  #count = 0;

  /** `mutant`: a planted bug that the thread must load. */
  constructor(mutant: string | undefined) {
    this.#mutant = mutant;
  }

  /** Plays a run again and keeps everything that its file needs. */
  record(record: RunRecord): Promise<RunFile> {
    return this.#ask({ kind: 'record', record });
  }

  /** `jobs`: threads that play candidates side by side. */
  minimize(
    file: RunFile,
    jobs: number,
    onProgress?: (progress: MinimizeProgress) => void,
  ): Promise<MinimizeOutcome> {
    Atomics.store(this.#stop, 0, 0);
    return this.#ask({ kind: 'minimize', file, jobs }, onProgress);
  }

  replay(file: RunFile): Promise<Replayed | undefined> {
    return this.#ask({ kind: 'replay', file });
  }

  /** What is being minimized is left as small as it is by now. */
  stopMinimizing(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  /** What has not been found by then never will be. */
  async close(): Promise<void> {
    this.#calls.clear();
    await this.#worker?.terminate();
  }

  #ask<Kind extends keyof Findings>(
    examination: Examination & { readonly kind: Kind },
    onProgress?: (progress: MinimizeProgress) => void,
  ): Promise<Findings[Kind]> {
    const request: Request = { call: this.#count++, examination };
    return new Promise<Findings[Kind]>((resolve, reject) => {
      const settle = resolve as (finding: unknown) => void;
      this.#calls.set(request.call, { resolve: settle, reject, onProgress });
      this.#worker ??= this.#begin();
      this.#worker.postMessage(request);
    });
  }

  #begin(): Worker {
    const workerData: ExaminerInput = { mutant: this.#mutant, stop: this.#stop.buffer };
    const worker = new Worker(new URL('./examiner-worker.js', import.meta.url), { workerData });
    worker.on('message', (response: Response) => {
      const call = this.#calls.get(response.call);
      if ('progress' in response) {
        call?.onProgress?.(response.progress);
        return;
      }
      this.#calls.delete(response.call);
      call?.resolve(response.finding);
    });
    worker.on('error', (error) => {
      for (const call of this.#calls.values()) call.reject(error);
      this.#calls.clear();
      this.#worker = undefined;
    });
    return worker;
  }
}
