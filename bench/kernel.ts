import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Choices } from '../src/sim/choices/index.ts';
import {
  createStrategy,
  enterMacrotask,
  guessedProfile,
  Kernel,
  synchronousDrain,
} from '../src/sim/schedule/index.ts';
import { RollingDigest } from '../src/sim/trace/index.ts';
import { checkTargets, measure, type Measured, type Subject, table } from './measure.ts';

/** Every subject runs this many tasks of this many steps on one counter. */
const tasks = 100;
const turns = 100;

/** The least that a sound kernel must do: deliver in order, drain, nothing else. */
const bareLoop: Subject = {
  name: 'bare drain loop',
  unit: 'step',
  run: () =>
    inMacrotask((drain) => {
      let counter = 0;
      let queue: (() => void)[] = [];
      const yielding = (): Promise<void> =>
        new Promise((resolve) => {
          queue.push(resolve);
        });
      for (let task = 0; task < tasks; task++) {
        void (async () => {
          for (let turn = 0; turn < turns; turn++) {
            await yielding();
            counter++;
          }
        })();
      }
      drain();
      while (queue.length > 0) {
        const turn = queue;
        queue = [];
        for (const resume of turn) {
          resume();
          drain();
        }
      }
      return counter;
    }),
};

function kernel(strategy: string): Subject {
  return {
    name: `kernel, ${strategy}, digest on`,
    unit: 'step',
    run: () =>
      inMacrotask((drain) => {
        const choices = new Choices({ kind: 'seed', seed: '1', record: false });
        const owner = { name: 'main' };
        const world = new Kernel(owner, {
          strategy: createStrategy(strategy, choices.unrecorded('strategy'), guessedProfile(tasks * turns)),
          picks: choices.stream('schedule', 'pick'),
          latencyOf: (task) => choices.stream('schedule', task.path),
          latency: { slow: 0, outOf: 1, microsMax: 0 },
          digest: new RollingDigest(),
          trace: undefined,
          stepsMax: Infinity,
        });
        let counter = 0;
        for (let task = 0; task < tasks; task++) {
          world.spawn(owner, `task-${task}`, async () => {
            for (let turn = 0; turn < turns; turn++) {
              await world.yield();
              counter++;
            }
          });
        }
        while (world.step()) drain();
        return counter;
      }),
  };
}

const fastCheck: Subject = {
  name: 'fast-check, waitOne',
  unit: 'step',
  run: async () => {
    const [scheduler] = fc.sample(fc.scheduler(), { numRuns: 1, seed: 1 });
    if (scheduler === undefined) throw new Error('fast-check gave no scheduler');
    let counter = 0;
    for (let task = 0; task < tasks; task++) {
      void (async () => {
        for (let turn = 0; turn < turns; turn++) {
          await scheduler.schedule(Promise.resolve());
          counter++;
        }
      })();
    }
    while (scheduler.count() > 0) await scheduler.waitOne();
    return counter;
  },
};

function inMacrotask(body: (drain: () => void) => number): Promise<number> {
  return new Promise((resolve, reject) => {
    enterMacrotask(() => {
      const drain = synchronousDrain();
      if (drain === undefined) reject(new Error('no synchronous drain on this runtime'));
      else resolve(body(drain));
    });
  });
}

const rounds = 60;

/**
 * What V8 makes of a loop differs from process to process, of fast-check's by a third. So each process measures
 * all subjects against each other, and the median of the ratios counts.
 */
const processes = 7;

interface Ratios {
  readonly inOrderToBare: number;
  readonly randomToBare: number;
  readonly waitOneToRandom: number;
}

if (process.argv.includes('--once')) {
  const measured = await measure(
    {
      bare: bareLoop,
      inOrder: kernel('in-order'),
      random: kernel('random'),
      sticky: kernel('sticky'),
      pct: kernel('pct-3'),
      waitOne: fastCheck,
    },
    rounds,
  );
  const { bare, inOrder, random, waitOne } = measured;
  const ratio = (one: Measured, other: Measured): number => one.medianNanos / other.medianNanos;
  const ratios: Ratios = {
    inOrderToBare: ratio(inOrder, bare),
    randomToBare: ratio(random, bare),
    waitOneToRandom: ratio(waitOne, random),
  };
  process.stderr.write(`${table(measured)}\n\n`);
  process.stdout.write(JSON.stringify(ratios));
} else {
  process.stdout.write(`${tasks} tasks × ${turns} steps, in ${processes} processes one after the other\n`);
  const all = Array.from({ length: processes }, () => {
    const args = [fileURLToPath(import.meta.url), '--once'];
    return JSON.parse(
      execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
    ) as Ratios;
  });
  const median = (name: keyof Ratios): number =>
    all.map((ratios) => ratios[name]).toSorted((one, other) => one - other)[Math.floor(processes / 2)] ??
    Number.NaN;
  const targets = checkTargets([
    {
      claim: 'a step in order, digest on, against the bare loop',
      measured: median('inOrderToBare'),
      must: 'at most',
      bound: 2,
    },
    {
      claim: 'a step at random, digest on, against the bare loop',
      measured: median('randomToBare'),
      must: 'at most',
      bound: 2,
    },
    {
      // Both pick one of the hundred that wait.
      claim: 'steps at random, digest on, for one of fast-check',
      measured: median('waitOneToRandom'),
      must: 'at least',
      bound: 2.5,
    },
  ]);
  process.stdout.write(`${targets}\n`);
}
