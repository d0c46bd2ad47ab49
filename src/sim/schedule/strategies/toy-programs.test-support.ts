import type { Kernel } from '../kernel.ts';
import { owner } from '../kernel.test-support.ts';

/** A small concurrent program with one bug, as those of SCTBench. */
export interface ToyProgram {
  readonly name: string;
  /** Starts the tasks. What it returns says, once all has ended, whether the bug has shown. */
  start(kernel: Kernel): () => boolean;
}

export const toyPrograms: readonly ToyProgram[] = [
  {
    name: 'lost update',
    start: (kernel) => {
      let counter = 0;
      const increment = async (): Promise<void> => {
        const value = await kernel.perform('read', 'counter', () => counter);
        await kernel.perform('write', 'counter', () => (counter = value + 1));
      };
      spawn(kernel, increment, increment);
      return () => counter !== 2;
    },
  },
  {
    name: 'lost update behind a long way',
    start: (kernel) => {
      let counter = 0;
      const increment = async (): Promise<void> => {
        const value = await kernel.perform('read', 'counter', () => counter);
        await kernel.perform('write', 'counter', () => (counter = value + 1));
      };
      spawn(kernel, increment, async () => {
        await busy(kernel, 'log', 10);
        await increment();
      });
      return () => counter !== 2;
    },
  },
  {
    name: 'ABBA deadlock',
    start: (kernel) => {
      const locks = { a: new Lock(kernel, 'a'), b: new Lock(kernel, 'b') };
      let finished = 0;
      const both = (first: Lock, second: Lock) => async () => {
        await busy(kernel, 'prepare', 3);
        await first.acquire();
        await second.acquire();
        finished++;
        second.release();
        first.release();
      };
      spawn(kernel, both(locks.a, locks.b), both(locks.b, locks.a));
      return () => finished !== 2;
    },
  },
  {
    name: 'order violation: used before it is there',
    start: (kernel) => {
      let isThere = false;
      let isUsedTooEarly = false;
      spawn(
        kernel,
        async () => {
          await kernel.perform('write', 'thing', () => (isThere = true));
        },
        async () => {
          await busy(kernel, 'parse', 12);
          await kernel.perform('read', 'thing', () => (isUsedTooEarly = !isThere));
        },
      );
      return () => isUsedTooEarly;
    },
  },
  {
    name: 'starvation: a lease runs out',
    start: (kernel) => {
      let turns = 0;
      let isExpired = false;
      spawn(
        kernel,
        async () => {
          const granted = turns;
          await kernel.perform('renew', 'lease', () => (isExpired = turns - granted >= 25));
        },
        async () => {
          for (; turns < 30; turns++) await kernel.perform('work', 'queue', () => undefined);
        },
      );
      return () => isExpired;
    },
  },
  {
    name: 'two reads that do not agree',
    start: (kernel) => {
      let [left, right] = [0, 0];
      let isTorn = false;
      spawn(
        kernel,
        async () => {
          await busy(kernel, 'other', 4);
          await kernel.perform('write', 'left', () => (left = 1));
          await kernel.perform('write', 'right', () => (right = 1));
        },
        async () => {
          const seen = await kernel.perform('read', 'left', () => left);
          await busy(kernel, 'log', 3);
          isTorn = seen !== (await kernel.perform('read', 'right', () => right));
        },
      );
      return () => isTorn;
    },
  },
  {
    name: 'check, then act: two owners',
    start: (kernel) => {
      let owners = 0;
      const claim = async (): Promise<void> => {
        await busy(kernel, 'prepare', 2);
        if ((await kernel.perform('read', 'owner', () => owners)) > 0) return;
        await kernel.perform('write', 'owner', () => owners++);
      };
      spawn(kernel, claim, claim, claim, claim);
      return () => owners >= 3;
    },
  },
  {
    name: 'lost wake-up',
    start: (kernel) => {
      let isReady = false;
      let wake: (() => void) | undefined;
      let isAwake = false;
      spawn(
        kernel,
        async () => {
          await busy(kernel, 'prepare', 6);
          if (await kernel.perform('read', 'ready', () => isReady)) {
            isAwake = true;
            return;
          }
          await kernel.perform('enlist', 'ready', () => undefined);
          const parked = kernel.park<void>('ready');
          wake = () => parked.wake();
          await parked.promise;
          isAwake = true;
        },
        async () => {
          await kernel.perform('write', 'ready', () => {
            isReady = true;
            wake?.();
          });
        },
      );
      return () => !isAwake;
    },
  },
];

export function toyProgram(name: string): ToyProgram {
  const program = toyPrograms.find((candidate) => candidate.name === name);
  if (program === undefined) throw new RangeError(`No toy program "${name}".`);
  return program;
}

export function spawn(kernel: Kernel, ...bodies: readonly (() => Promise<void>)[]): void {
  for (const [index, body] of bodies.entries()) kernel.spawn(owner, `t${index}`, body);
}

/** Operations on a resource of its own. */
async function busy(kernel: Kernel, resource: string, operations: number): Promise<void> {
  const own = `${kernel.current.path}:${resource}`;
  for (let nth = 0; nth < operations; nth++) await kernel.perform('work', own, () => undefined);
}

class Lock {
  readonly #kernel: Kernel;
  readonly #name: string;
  readonly #waiting: (() => void)[] = [];
  #isHeld = false;

  constructor(kernel: Kernel, name: string) {
    this.#kernel = kernel;
    this.#name = name;
  }

  async acquire(): Promise<void> {
    await this.#kernel.perform('lock', this.#name, () => undefined);
    if (this.#isHeld) {
      const parked = this.#kernel.park<void>(this.#name);
      this.#waiting.push(() => parked.wake());
      await parked.promise;
    }
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#waiting.shift()?.();
  }
}
