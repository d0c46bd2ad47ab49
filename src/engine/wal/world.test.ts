import { describe, expect, it } from 'vitest';
import { nodeSignatures } from '../../crypto/index.ts';
import { ProcessGoneError, SimProcess, strategies, World } from '../../sim/index.ts';
import { crashProfile } from '../../sim/disk/index.ts';
import { Journal, WalPoisonedError } from './index.ts';
import { bodyOf, directory, indexOf, isIntact, smallOptions } from './journal.test-support.ts';

describe('a journal in a simulated machine', () => {
  it.each(strategies.map(({ name }) => name))(
    'shows followers what is durable and no more, whatever runs when and whenever the power goes (%s)',
    async (strategy) => {
      for (let seed = 0; seed < 8; seed += 1) {
        expect(await failureOf(`${strategy} ${seed}`, strategy), `seed ${seed}`).toBeUndefined();
      }
    },
  );
});

async function failureOf(seed: string, strategy: string): Promise<unknown> {
  const world = new World({
    choices: { kind: 'seed', seed, record: false },
    strategy,
    choicesPerRun: 2000,
    latency: { slow: 1, outOf: 4, microsMax: 3000 },
    stepsMax: 500_000,
    trace: false,
    signatures: nodeSignatures,
  });
  const { failure } = await world.run(async () => {
    const machine = world.machine('node', crashProfile('strict'));
    const draws = world.choices.stream('workload', 'lives');
    /** Bodies that must be in the log: acknowledged, or shown to a follower. */
    const durable = new Set<number>();
    let next = 0;
    for (let life = 0; life < 5; life += 1) {
      const process = machine.boot();
      const isLast = life === 4;
      if (!isLast) {
        world.kernel.afterSteps(50 + draws.choose(1500), 'power loss', () =>
          draws.choose(3) === 0 ? machine.kill() : machine.powerLoss(),
        );
      }
      try {
        await process.call('live', () => live(process, isLast));
        expect(process.openHandles).toEqual([]);
      } catch (error) {
        if (!(error instanceof ProcessGoneError)) throw error;
      }
    }

    async function live(process: SimProcess, isLast: boolean): Promise<void> {
      const { ports } = process;
      const journal = await Journal.open(ports, directory, { ...smallOptions, idleWatermarkMs: 5 });
      const seen = new Set(await readAvailable(journal));
      expect([...durable].filter((index) => !seen.has(index))).toEqual([]);
      for (const index of seen) durable.add(index);
      if (isLast) return journal.close();

      const writers = ['one', 'two', 'three'].map((name) =>
        process.spawn(name, async () => {
          for (let count = 0; count < 25; count += 1) await append(journal, count % 4 > 0);
        }),
      );
      const follower = process.spawn('follower', () => follow(journal));
      for (const writer of writers) await writer.join();
      await journal.close();
      await follower.join();
    }

    async function append(journal: Journal, sync: boolean): Promise<void> {
      const index = next++;
      try {
        await journal.append(bodyOf(index), { sync });
        if (sync) durable.add(index);
      } catch (error) {
        expect(error).toBeInstanceOf(WalPoisonedError);
      }
    }

    async function follow(journal: Journal): Promise<void> {
      const reader = journal.reader(journal.firstOffset);
      const seen = new Set<number>();
      try {
        for (;;) {
          const batch = await reader.nextBatch();
          for (const { body, endOffset } of batch) {
            expect(isIntact(body)).toBe(true);
            expect(seen.has(indexOf(body))).toBe(false);
            expect(endOffset).toBeLessThanOrEqual(journal.durableOffset.value);
            seen.add(indexOf(body));
            durable.add(indexOf(body));
          }
          if (batch.length === 0) await journal.durableOffset.reach(reader.position + 1);
        }
      } catch (error) {
        expect(error).toMatchObject({ code: 'STEME_WAL_CLOSED' });
      } finally {
        await reader.close();
      }
    }
  });
  return failure;
}

async function readAvailable(journal: Journal): Promise<number[]> {
  const reader = journal.reader(journal.firstOffset);
  const seen: number[] = [];
  for (let batch = await reader.nextBatch(); batch.length > 0; batch = await reader.nextBatch()) {
    for (const { body } of batch) seen.push(indexOf(body));
  }
  await reader.close();
  return seen;
}
