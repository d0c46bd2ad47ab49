import { type ChoiceMode, Choices } from '../choices/index.ts';
import { RollingDigest, Trace } from '../trace/index.ts';
import { synchronousDrain } from './drain.ts';
import { Kernel, type LatencyModel } from './kernel.ts';
import { guessedProfile, type ScheduleProfile } from './profile.ts';
import { createStrategy, type Strategy } from './strategies/index.ts';

export interface TestKernelOptions {
  readonly choices?: ChoiceMode;
  readonly strategy?: string | Strategy;
  readonly profile?: ScheduleProfile;
  readonly latency?: LatencyModel;
  readonly stepsMax?: number;
}

/** A kernel by itself, without machines, and what to look at afterwards. */
export function testKernel(options: TestKernelOptions = {}): {
  readonly kernel: Kernel;
  readonly choices: Choices;
  readonly digest: RollingDigest;
  readonly trace: Trace;
} {
  const choices = new Choices(options.choices ?? { kind: 'seed', seed: '1', record: true });
  const digest = new RollingDigest();
  const trace = new Trace();
  const { strategy = 'in-order' } = options;
  const kernel = new Kernel(owner, {
    strategy:
      typeof strategy === 'string'
        ? createStrategy(strategy, choices.unrecorded('strategy'), options.profile ?? guessedProfile(1000))
        : strategy,
    picks: choices.stream('schedule', 'pick'),
    latencyOf: (task) => choices.stream('schedule', `${task.path}:latency`),
    latency: options.latency ?? { slow: 0, outOf: 1, microsMax: 0 },
    digest,
    trace,
    stepsMax: options.stepsMax ?? 100_000,
  });
  return { kernel, choices, digest, trace };
}

export const owner = { name: 'main' };

/** Steps until nothing is left; from a macrotask, since the drain needs one. */
export function runToEnd(kernel: Kernel): Promise<void> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        const drain = synchronousDrain();
        if (drain === undefined) throw new Error('no synchronous drain on this runtime');
        while (kernel.step()) drain();
        resolve();
      } catch (error) {
        reject(error);
      }
    });
  });
}
