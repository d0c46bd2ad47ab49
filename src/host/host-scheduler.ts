import type { Parked, Scheduler, Task } from '../ports/index.ts';

/** Tasks as plain promises on Node's event loop. */
export class HostScheduler implements Scheduler {
  readonly #report: FailureReport;

  /** `report` hears of each task that failed when nobody was joining it; by default the process ends. */
  constructor(report: FailureReport = endProcess) {
    this.#report = report;
  }

  spawn<T>(name: string, body: () => Promise<T>): Task<T> {
    let isJoined = false;
    const outcome = Promise.resolve().then(body);
    // Without this Node would end the process although somebody may still come to join.
    outcome.catch((error: unknown) => {
      setImmediate(() => {
        if (!isJoined) this.#report(name, error);
      });
    });
    return {
      name,
      join: () => {
        isJoined = true;
        return outcome;
      },
    };
  }

  yield(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  park<T = void>(_waitingFor: string): Parked<T> {
    let wake!: (value: T) => void;
    let fail!: (error: unknown) => void;
    const promise = new Promise<T>((resolve, reject) => {
      wake = resolve;
      fail = reject;
    });
    return { promise, wake, fail };
  }
}

/** Is told of a failure that nobody waits for. Somebody may still join and hear of it himself. */
export type FailureReport = (task: string, error: unknown) => void;

function endProcess(task: string, error: unknown): never {
  throw new Error(`task "${task}" failed, and nobody was waiting for it`, { cause: error });
}
