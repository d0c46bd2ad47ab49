import { hashName, type RollingDigest, type Trace } from '../trace/index.ts';
import type { SimTask } from './sim-task.ts';

/** Where each step goes: into the digest, and into the full trace when there is one. */
export class StepLog {
  readonly trace: Trace | undefined;
  readonly #digest: RollingDigest;
  readonly #hashes = new Map<string, number>();
  #lastOperation = '';
  #lastOperationHash = 0;

  constructor(digest: RollingDigest, trace: Trace | undefined) {
    this.#digest = digest;
    this.trace = trace;
  }

  /** `outcome` is what tells apart two ways in which the step may have ended. */
  add(
    step: number,
    timeMicros: number,
    task: SimTask,
    operation: string,
    resource: string,
    outcome: number,
  ): void {
    if (operation !== this.#lastOperation) {
      this.#lastOperation = operation;
      this.#lastOperationHash = this.#hash(operation);
    }
    const resourceHash = resource === '' ? 0 : this.#hash(resource);
    this.#digest.fold(timeMicros, task.hash, this.#lastOperationHash, resourceHash, outcome);
    this.trace?.steps.push({
      step,
      timeMicros,
      task: task.path,
      operation,
      resource,
      outcome,
      fingerprint: this.#digest.fingerprint,
    });
  }

  #hash(name: string): number {
    let hash = this.#hashes.get(name);
    if (hash === undefined) {
      hash = hashName(name) | 0;
      this.#hashes.set(name, hash);
    }
    return hash;
  }
}
