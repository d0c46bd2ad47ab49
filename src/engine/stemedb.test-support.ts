import { expect } from 'vitest';
import { nodeSignatures } from '../crypto/index.ts';
import type { Clock, Ports } from '../ports/index.ts';
import { crashProfile } from '../sim/disk/index.ts';
import { World, type WorldOptions } from '../sim/world.ts';
import {
  type Assertion,
  type AssertionContent,
  assertionHash,
  signAssertion,
  signVote,
  type Vote,
} from './model/index.ts';
import { HybridStore, judgeJournalLog } from './kv/index.ts';
import { type StemeConfig, StemeDB } from './stemedb.ts';

export const smallConfig: StemeConfig = {
  directory: '/data',
  wal: { sectorBytes: 512, idleWatermarkMs: 0 },
  kvLog: { sectorBytes: 512, idleWatermarkMs: 0 },
  ingest: { batchBytesMax: 1, retryMs: 1 },
};

/** Runs `body` in a process of a simulated machine, with the schedule of `seed`. */
export async function withPorts(
  body: (ports: Ports) => Promise<void>,
  seed = '1',
  strategy: WorldOptions['strategy'] = 'random',
): Promise<void> {
  const world = new World({
    choices: { kind: 'seed', seed, record: false },
    strategy,
    choicesPerRun: 100,
    latency: { slow: 1, outOf: 4, microsMax: 2000 },
    stepsMax: 3_000_000,
    trace: false,
    signatures: nodeSignatures,
  });
  const { failure } = await world.run(async () => {
    const process = world.machine('node', crashProfile('strict')).boot();
    await process.call('test', () => body(process.ports));
    expect(process.openHandles).toEqual([]);
  });
  if (failure !== undefined) throw failure.error;
}

/** As `withPorts`, with a database that is closed at the end. */
export async function withDatabase(
  body: (db: StemeDB, ports: Ports) => Promise<void>,
  config: Partial<StemeConfig> = {},
  seed?: string,
): Promise<void> {
  await withPorts(async (ports) => {
    const db = await StemeDB.open(ports, { ...smallConfig, ...config });
    await body(db, ports);
    await db.close();
  }, seed);
}

/** The store of a database that is closed, to put into it what no database would. */
export async function withStore(ports: Ports, body: (store: HybridStore) => Promise<void>): Promise<void> {
  const directory = `${smallConfig.directory}/kv`;
  const store = await HybridStore.open(ports, directory, {}, (checkpoint) =>
    judgeJournalLog(ports, `${directory}/log`, smallConfig.kvLog ?? {}, checkpoint),
  );
  await body(store);
  await store.close();
}

/** Resolves once everything that was submitted can be read, and the views know it. */
export async function settle(db: StemeDB): Promise<void> {
  await db.waitUntilOffset(db.durableOffset);
  await db.waitUntilViewsThrough(db.durableOffset);
}

export function secretKey(nth: number): Uint8Array {
  return new Uint8Array(32).fill(nth);
}

export function claimOf(content: Partial<AssertionContent>, agent = 1): Assertion {
  return signAssertion(
    {
      subject: 'Tesla',
      predicate: 'revenue',
      object: { type: 'number', value: 1 },
      lifecycle: 'proposed',
      confidence: 1,
      timestamp: 0,
      ...content,
    },
    [secretKey(agent)],
    nodeSignatures,
  );
}

export function voteFor(assertion: Assertion, weight: number, agent: number, timestamp = 0): Vote {
  const content = { assertionHash: assertionHash(assertion), weightMillionths: weight * 1e6, timestamp };
  return signVote(content, secretKey(agent), nodeSignatures);
}

/** The wall clock of `clock`, set off by as much as the caller likes at any moment. */
export function shiftedClock(clock: Clock): Clock & { shiftMs: number } {
  return {
    shiftMs: 0,
    wallMs() {
      return clock.wallMs() + this.shiftMs;
    },
    monotonicMs: () => clock.monotonicMs(),
    sleep: (durationMs) => clock.sleep(durationMs),
    timer: (durationMs) => clock.timer(durationMs),
  };
}

/** Removes the store of a database that is closed: all of it is made anew from the log. */
export async function removeStore({ fs }: Ports): Promise<void> {
  for (const directory of ['/data/kv/log', '/data/kv']) {
    for (const name of await fs.readdir(directory)) {
      if (name !== 'log') await fs.unlink(`${directory}/${name}`);
    }
  }
}
