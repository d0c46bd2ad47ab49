import { describe, expect, it } from 'vitest';
import { play } from '../explore/index.ts';
import { assertionHash, encodeAssertion, StemeDB } from '../engine/index.ts';
import type { DiskFaults } from '../sim/index.ts';
import { type ArenaContext, defineArena, makeAgents, type Scenario } from './index.ts';

const claims = 40;

const config = {
  directory: '/data/steme',
  wal: { sectorBytes: 512, segmentBytes: 8192, idleWatermarkMs: 0 },
  kv: { memtableBytes: 4096, runsMax: 2, blockBytes: 256, blockCacheBytes: 0 },
  kvLog: { sectorBytes: 512, segmentBytes: 16_384, idleWatermarkMs: 0 },
  ingest: { checkpointBytes: 1024, batchRecordsMax: 4 },
};

/** What became of a database whose device had said yes and not written a page, once the power was back. */
type Outcome = 'nothing lost' | 'the last promise lost' | 'refused to open' | 'refused to read';

/**
 * A device that lies takes the only copy, so the engine cannot keep its promise. What it must do is say so, or at
 * least never show anything but a prefix of what was promised; and all of it but the last group, which nothing later
 * proves (src/engine/wal/README.md, "The one undecidable case").
 */
const kinds = ['lostWrite', 'misdirectedWrite', 'unreportedSyncError', 'bitRot'] as const;

describe.each(kinds)('a disk that lies (%s)', (kind) => {
  it('costs at most the last promise, or is refused loudly: nothing is altered, and nothing missing in between', async () => {
    const outcomes = new Map<Outcome, number>();
    for (let seed = 1; seed <= 80; seed++) {
      const outcome = await lie(String(seed), { [kind]: { outOf: kind === 'bitRot' ? 60 : 100, max: 3 } });
      if (outcome !== undefined) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect([...outcomes.keys()]).toContain('nothing lost');
    expect(outcomes.size).toBeGreaterThan(1);
    expect([...outcomes.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(30);
  });
});

/** `undefined` when the device did not lie. Throws when the database does what it must not. */
async function lie(seed: string, disk: Partial<DiskFaults>): Promise<Outcome | undefined> {
  let outcome: Outcome | undefined;
  const scenario: Scenario = {
    name: 'lies',
    summary: '',
    profiles: ['strict'],
    latency: { slow: 1, outOf: 4, microsMax: 200 },
    crashes: { powerLossesMax: 0, killsMax: 0, distanceStepsMax: 1, distanceWritesMax: 1, imagesMax: 0 },
    disk,
  };
  const arena = defineArena({
    name: 'arena-lies',
    summary: '',
    scenarios: ['lies'],
    properties: [{ id: 'held', kind: 'safety', claim: '' }],
    markers: [],
    play: async (context) => {
      outcome = await outcomeOf(context);
    },
  });
  const catalogue = { arenas: new Map([[arena.name, arena]]), scenarios: new Map([['lies', scenario]]) };
  const plan = { arena: arena.name, scenario: 'lies', strategy: 'in-order', seed, run: 0 } as const;
  const { failure, record } = await play(catalogue, plan);
  expect(failure, `seed ${seed}`).toBeUndefined();
  const lies = ['lost-page', 'misdirected-page', 'sync-error-unreported', 'bit-rot-served'];
  return lies.some((name) => (record.faults[name] ?? 0) > 0) ? outcome : undefined;
}

async function outcomeOf(context: ArenaContext): Promise<Outcome> {
  const machine = context.machine('node-1');
  context.chaos.faultDisk(machine);
  context.chaos.setServing(machine, true);
  const [agent] = makeAgents(context.signatures, 1);
  const promised: { readonly hash: Uint8Array; readonly bytes: Uint8Array }[] = [];
  const first = machine.boot();
  const errorCode = (error: unknown): string => String((error as { code?: unknown }).code);
  const live = async (): Promise<void> => {
    const db = await StemeDB.open(first.ports, config);
    for (let nth = 0; nth < claims; nth++) {
      const claim = agent!.sign({
        subject: 'Tesla',
        predicate: `revenue ${nth % 4}`,
        object: { type: 'text', value: 'x'.repeat(40 + ((nth * 37) % 300)) },
        lifecycle: 'proposed',
        confidence: 1,
        timestamp: nth,
      });
      await db.submit(claim);
      promised.push({ hash: assertionHash(claim), bytes: encodeAssertion(claim) });
    }
    await db.waitUntilOffset(db.durableOffset);
  };
  await first.call('live', () =>
    // It may notice at once, and then takes nothing more.
    live().catch((error: unknown) =>
      expect(errorCode(error)).toMatch(/^STEME_(WAL_POISONED|INGEST_STOPPED)$/),
    ),
  );
  context.chaos.stop();
  machine.powerLoss();

  const second = machine.boot();
  return second.call('look', async (): Promise<Outcome> => {
    let db: StemeDB;
    try {
      db = await StemeDB.open(second.ports, config);
    } catch (error) {
      expect(errorCode(error)).toMatch(/^STEME_(WAL|KV)_CORRUPT$/);
      return 'refused to open';
    }
    try {
      await db.waitUntilOffset(db.durableOffset);
      const found = [];
      for (const { hash } of promised) found.push(await db.get(hash));
      const missing = found.filter((claim) => claim === undefined).length;
      for (const [index, claim] of found.entries()) {
        if (index < found.length - missing) expect(encodeAssertion(claim!)).toEqual(promised[index]!.bytes);
      }
      expect(missing).toBeLessThanOrEqual(1);
      return missing === 0 ? 'nothing lost' : 'the last promise lost';
    } catch (error) {
      expect(errorCode(error)).toMatch(/^STEME_(KV_CORRUPT|INGEST_STOPPED)$/);
      return 'refused to read';
    }
  });
}
