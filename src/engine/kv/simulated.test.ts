import { describe, expect, it } from 'vitest';
import { nobleSignatures } from '../../crypto/index.ts';
import { crashProfile } from '../../sim/disk/index.ts';
import { World, type WorldOutcome } from '../../sim/world.ts';
import { decodeCounter } from './counters.ts';
import { bytes } from './kv.test-support.ts';
import { HybridStore } from './store.ts';

const writers = 4;
const rounds = 25;

/** Writers and a reader at once, maintenance in between, a kill, and all that was acknowledged found again. */
async function play(seed: string): Promise<WorldOutcome> {
  const world = new World({
    choices: { kind: 'seed', seed, record: false },
    strategy: 'random',
    choicesPerRun: 1000,
    latency: { slow: 1, outOf: 4, microsMax: 1000 },
    stepsMax: 1_000_000,
    trace: false,
    signatures: nobleSignatures,
  });
  const options = { memtableBytes: 1000, blockBytes: 128, runsMax: 2, logSegmentBytes: 8192 };
  return world.run(async () => {
    const machine = world.machine('node', crashProfile('strict'));
    const first = machine.boot();
    const store = await first.call('open', () => HybridStore.open(first.ports, '/kv', options));
    const writing = Array.from({ length: writers }, (_, writer) =>
      first.call(`write-${writer}`, async () => {
        for (let round = 0; round < rounds; round += 1) {
          const value = new Uint8Array(50).fill(round);
          await store.batch(
            [
              { type: 'increment', key: bytes('rounds'), delta: 1 },
              { type: 'put', key: bytes(`key ${writer} ${round}`), value },
            ],
            { sync: round % 5 === 0 },
          );
        }
      }),
    );
    const reading = first.call('read', async () => {
      for (let round = 0; round < 10; round += 1) {
        let seen = 0;
        let counted = 0;
        for await (const { key, value } of store.scan()) {
          if (key.length < 7) counted = Number(decodeCounter(value));
          else seen += 1;
        }
        expect(seen).toBe(counted);
      }
    });
    await Promise.all([...writing, reading]);
    machine.kill();
    const second = machine.boot();
    const reopened = await second.call('open', () => HybridStore.open(second.ports, '/kv', options));
    const count = await second.call('get', () => reopened.get(bytes('rounds')));
    expect(count && decodeCounter(count)).toBe(BigInt(writers * rounds));
    await second.call('compact', () => reopened.compact());
    await second.call('close', () => reopened.close());
  });
}

describe('HybridStore in a simulated world', () => {
  it('needs nothing but its ports, never deadlocks, and does the same again for the same seed', async () => {
    for (const seed of ['1', '2', '3']) {
      const outcome = await play(seed);
      expect(outcome.failure).toBeUndefined();
      expect(Object.keys(outcome.markers)).toEqual(
        expect.arrayContaining(['kv.compacted', 'kv.flushed', 'kv.group-of-several', 'kv.log-replayed']),
      );
      expect((await play(seed)).digest).toBe(outcome.digest);
    }
  });
});
