import { nodeSignatures } from '../crypto/index.ts';
import { describeClockConformance } from '../ports/clock.conformance.ts';
import { describeEntropyConformance } from '../ports/entropy.conformance.ts';
import { describeSchedulerConformance } from '../ports/scheduler.conformance.ts';
import { describeSyncConformance } from '../ports/sync.conformance.ts';
import { Choices } from './choices/index.ts';
import { SimEntropy } from './machine/sim-entropy.ts';
import { strategies } from './schedule/index.ts';
import { World } from './world.ts';

// Each claim runs in the root task of a world of its own, once under every strategy.
for (const { name: strategy } of strategies) {
  const name = `the simulator, ${strategy}`;
  let world: World;
  const run = async (body: () => Promise<void>): Promise<void> => {
    world = new World({
      choices: { kind: 'seed', seed: '1', record: false },
      strategy,
      choicesPerRun: 100,
      latency: { slow: 1, outOf: 3, microsMax: 1000 },
      stepsMax: 100_000,
      trace: false,
      signatures: nodeSignatures,
    });
    const { failure } = await world.run(body);
    if (failure !== undefined) throw failure.error;
  };
  describeClockConformance({
    name,
    run,
    create: () => ({ clock: world.clock, scheduler: world.scheduler }),
  });
  describeSchedulerConformance({ name, run, create: () => world.scheduler });
  describeSyncConformance({ name, run, create: () => world.scheduler });
}

describeEntropyConformance({
  name: 'the simulator',
  create: () => {
    const choices = new Choices({ kind: 'seed', seed: '1', record: false });
    return new SimEntropy(choices.entropy('entropy'));
  },
});
