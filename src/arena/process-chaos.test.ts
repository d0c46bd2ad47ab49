import { describe, expect, it } from 'vitest';
import { arenaRun, calm } from './arena-run.test-support.ts';
import { type ArenaContext, makeAgents, StemeNode } from './index.ts';

const seeds = Array.from({ length: 12 }, (_, seed) => String(seed));

/** Agents submit claims, and read each back at the end, when all faults are over. */
async function live(context: ArenaContext, onAnswer: (ms: number) => void = () => undefined): Promise<void> {
  const node = new StemeNode(context, {
    name: 'node-1',
    config: { directory: '/data' },
    examine: async () => 'serve',
  });
  node.start();
  const hashes: Uint8Array[] = [];
  const tasks = makeAgents(context.signatures, 3).map((agent) =>
    context.spawn(agent.name, async () => {
      for (let nth = 0; nth < 6; nth++) {
        const claim = agent.sign({
          subject: agent.name,
          predicate: 'counts',
          object: { type: 'number', value: nth },
          lifecycle: 'proposed',
          confidence: 1,
          timestamp: nth,
        });
        const begunMs = context.clock.monotonicMs();
        const { hash } = await node.insist('submit', (db) => db.submit(claim));
        onAnswer(context.clock.monotonicMs() - begunMs);
        hashes.push(hash);
      }
    }),
  );
  for (const task of tasks) await task.join();
  context.chaos.stop();
  await node.insist('read', async (db) => {
    await db.waitUntilOffset(db.durableOffset);
    for (const hash of hashes) expect(await db.get(hash)).toBeDefined();
  });
  await node.stop();
}

describe('a process that stands still', () => {
  const pauses = { max: 3, msMax: 5000, distanceStepsMax: 128 };

  it('answers late, and has lost nothing', async () => {
    let paused = 0;
    let slowestMs = 0;
    for (const seed of seeds) {
      const { record, failure } = await arenaRun(
        { pauses },
        (context) =>
          live(context, (ms) => {
            slowestMs = Math.max(slowestMs, ms);
          }),
        seed,
      );
      expect(failure).toBeUndefined();
      paused += record.faults['pause'] ?? 0;
    }
    expect(paused).toBeGreaterThan(seeds.length);
    expect(slowestMs).toBeGreaterThan(1000);
  });

  it('may be killed meanwhile', async () => {
    for (const seed of seeds) {
      const crashes = { ...calm.crashes, killsMax: 4, powerLossesMax: 4, distanceStepsMax: 512 };
      const { failure } = await arenaRun({ pauses, crashes }, live, seed);
      expect(failure).toBeUndefined();
    }
  });

  it('keeps requests of the network waiting, and answers them when it goes on', async () => {
    const { failure } = await arenaRun({}, async (context) => {
      const node = new StemeNode(context, {
        name: 'node-1',
        config: { directory: '/data' },
        examine: async () => 'serve',
        api: () => () => new Response('here'),
      });
      node.start();
      await node.insist('wait', async () => undefined);
      const { process } = node.machine;
      process?.pause();
      let answer: string | undefined;
      const asking = context.spawn('agent-1', async () => {
        const response = await context.link('agent-1', 'node-1').fetch('http://node-1/');
        answer = await response.text();
      });
      await context.clock.sleep(60_000);
      expect(answer).toBeUndefined();
      process?.resume();
      await asking.join();
      expect(answer).toBe('here');
      await node.stop();
    });
    expect(failure).toBeUndefined();
  });
});

describe('a crash loop', () => {
  it('crashes a machine again while it recovers, within its budget, and ends', async () => {
    const crashLoops = { max: 2, crashesMax: 5, distanceStepsMax: 128 };
    let again = 0;
    for (const powerLossesMax of [0, 1]) {
      for (const seed of seeds) {
        const crashes = { ...calm.crashes, powerLossesMax, distanceStepsMax: 4096 };
        const { record, failure } = await arenaRun({ crashLoops, crashes }, (context) => live(context), seed);
        expect(failure).toBeUndefined();
        const { faults, markers } = record;
        const times = faults['crash-loop'] ?? 0;
        expect(times).toBeLessThanOrEqual(2 * 4);
        expect(markers['arena.crashed-while-starting-or-closing'] ?? 0).toBeGreaterThanOrEqual(times);
        if (powerLossesMax === 0) expect(faults['power-loss']).toBeUndefined();
        again += times;
      }
    }
    expect(again).toBeGreaterThan(2 * seeds.length);
  });
});
