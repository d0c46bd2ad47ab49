import type { Parked, Scheduler, Task } from '../../ports/index.ts';
import type { Kernel } from './kernel.ts';
import type { TaskOwner } from './sim-task.ts';

/** The `Scheduler` of one process: its tasks end when the process does. */
export class SimScheduler implements Scheduler {
  readonly #kernel: Kernel;
  readonly #owner: TaskOwner;

  constructor(kernel: Kernel, owner: TaskOwner) {
    this.#kernel = kernel;
    this.#owner = owner;
  }

  spawn<T>(name: string, body: () => Promise<T>): Task<T> {
    return this.#kernel.spawn(this.#owner, name, body);
  }

  yield(): Promise<void> {
    return this.#kernel.yield();
  }

  park<T = void>(waitingFor: string, heldBy?: () => string | undefined): Parked<T> {
    return this.#kernel.park<T>(waitingFor, heldBy);
  }

  get current(): string {
    return this.#kernel.current.path;
  }
}
