import { describe, expect, it } from 'vitest';
import { fromHex, nodeSignatures } from '../../crypto/index.ts';
import type { Ports } from '../../ports/index.ts';
import { type SimProcess, World, type WorldOutcome } from '../../sim/index.ts';
import { crashProfile } from '../../sim/disk/index.ts';
import { Access } from '../access/index.ts';
import { HybridStore } from '../kv/index.ts';
import { StemeDB } from '../stemedb.ts';
import { agents, base, signed, signedVote } from './api.test-support.ts';
import { FakeDatabase } from './fake-database.test-support.ts';
import { type Api, ApiError, createApi, StemeClient } from './index.ts';

interface Play {
  readonly world: World;
  readonly process: SimProcess;
  readonly database: FakeDatabase;
  readonly access: Access;
  readonly api: Api;
  /** A client on no machine, with a key for all agents. */
  readonly client: StemeClient;
}

/** Runs a body against an API on a simulated machine, with real time, randomness and I/O closed. */
async function play(seed: string, body: (play: Play) => Promise<void>): Promise<WorldOutcome> {
  const world = worldOf(seed);
  return world.run(async () => {
    const process = world.machine('node', crashProfile('strict')).boot();
    const { ports } = process;
    const database = new FakeDatabase();
    database.gate = () => ports.clock.sleep(0.5);
    const { access, api, key } = await process.call('start', () => start(ports, database));
    const client = clientOf(world, process, key, (request) =>
      process.call('request', () => api.fetch(request)),
    );
    await body({ world, process, database, access, api, client });
  });
}

function worldOf(seed: string): World {
  return new World({
    choices: { kind: 'seed', seed, record: false },
    strategy: 'random',
    choicesPerRun: 1000,
    latency: { slow: 1, outOf: 4, microsMax: 1000 },
    stepsMax: 500_000,
    trace: false,
    signatures: nodeSignatures,
  });
}

function clientOf(
  { clock, scheduler }: World,
  { ports }: SimProcess,
  key: string,
  fetch: Api['fetch'],
  attemptsMax = 5,
): StemeClient {
  const retries = { attemptsMax };
  return new StemeClient({
    baseUrl: base,
    key,
    ports: { clock, scheduler, entropy: ports.entropy },
    fetch,
    retries,
  });
}

async function start(ports: Ports, database: FakeDatabase) {
  const access = new Access(ports, await HybridStore.open(ports, '/kv', {}));
  const api = createApi({ database, access, ports, corsOrigins: '*', limits: { deadlineMs: 1000 } });
  const bucket = { capacity: 1e6, refillPerSecond: 1e6 };
  const { key } = await access.create({
    name: 'all',
    roles: ['admin'],
    agents: 'any',
    bucket,
    quotaPerHour: 1000,
  });
  return { access, api, key };
}

describe('the API in a simulated world', () => {
  it('needs nothing but its ports, and does the same again for the same seed', async () => {
    const many = async ({ world, client, database }: Play): Promise<void> => {
      const users = Array.from({ length: 8 }, (_, user) =>
        world.scheduler.spawn(`user-${user}`, async () => {
          const { hash } = await client.submit(signed({ timestamp: user }, [user % 3]), { wait: 'ingested' });
          expect((await client.get(hash))?.timestamp).toBe(user);
          await client.query({
            subject: 'Tesla',
            predicate: 'revenue',
            lens: 'recency',
            agentId: agents[0]!,
          });
          await client.health();
          await client.createKey({ name: `${user}`, roles: ['reader'] });
        }),
      );
      for (const user of users) await user.join();
      expect((await client.list({ subject: 'Tesla' })).items).toHaveLength(8);
      expect((await client.listKeys()).items).toHaveLength(9);
      expect(database.audits.size).toBe(8);
    };
    for (const seed of ['1', '2', '3']) {
      const outcome = await play(seed, many);
      expect(outcome.failure).toBeUndefined();
      expect((await play(seed, many)).digest).toBe(outcome.digest);
    }
  });

  it('gives no more than the quota, whatever runs when', async () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const outcome = await play(`${seed}`, async ({ world, process, database, access, api }) => {
        const { key } = await process.call('key', () =>
          access.create({ name: 'small', roles: ['writer'], agents: 'any', quotaPerHour: 100 }),
        );
        const client = clientOf(
          world,
          process,
          key,
          (request) => process.call('request', () => api.fetch(request)),
          1,
        );
        const users = Array.from({ length: 20 }, (_, user) =>
          world.scheduler.spawn(`user-${user}`, async () => {
            try {
              await client.submit(signed({ timestamp: user }));
            } catch (error) {
              expect(error).toBeInstanceOf(ApiError);
              expect(error).toMatchObject({ code: 'STEME_QUOTA_EXCEEDED', indeterminate: false });
            }
          }),
        );
        for (const user of users) await user.join();
        expect(database.assertions.size).toBe(10);
      });
      expect(outcome.failure).toBeUndefined();
    }
  });

  it('answers at its deadline in virtual time, and the client tries again until it goes through', async () => {
    const outcome = await play('1', async ({ process, database, client }) => {
      database.gate = () => process.ports.clock.sleep(database.calls < 3 ? 5000 : 1);
      await client.submit(signed());
      expect(database.calls).toBe(3);
    });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.markers).toMatchObject({ 'api.deadline-passed': 2 });
    expect(outcome.virtualMicros).toBeLessThan(5_000_000);
  });

  it('that goes away leaves a client that knows that it does not know', async () => {
    const outcome = await play('1', async ({ world, process, database, client }) => {
      database.gate = () => {
        world.kernel.afterSteps(1, 'kill', () => process.kill());
        return process.ports.clock.sleep(100);
      };
      await expect(client.submit(signed())).rejects.toMatchObject({
        code: 'STEME_UNREACHABLE',
        indeterminate: true,
        cause: { code: 'SIM_PROCESS_GONE' },
      });
    });
    expect(outcome.failure).toBeUndefined();
  });

  it('serves the database itself, whose acknowledged claims, votes and keys outlive a kill', async () => {
    const world = worldOf('7');
    const outcome = await world.run(async () => {
      const machine = world.machine('node', crashProfile('strict'));
      let process = machine.boot();
      let served = await process.call('open', () => open(process.ports));
      const { key } = await process.call('key', () =>
        served.database.access.create({ name: 'a', roles: ['admin'], agents: 'any' }),
      );
      const client = clientOf(world, process, key, (request) =>
        process.call('request', () => served.api.fetch(request)),
      );
      const claims = [1, 2, 3].map((timestamp) => signed({ timestamp }));
      const hashes: string[] = [];
      for (const claim of claims) hashes.push((await client.submit(claim)).hash);
      await client.vote(signedVote(fromHex(hashes[0]!)!), { wait: 'ingested' });
      machine.kill();
      process = machine.boot();
      served = await process.call('open', () => open(process.ports));
      for (const [index, hash] of hashes.entries()) {
        await client.submit(claims[index]!, { wait: 'ingested' });
        expect(await client.get(hash)).toEqual(claims[index]);
      }
      expect(await client.tally(hashes[0]!)).toMatchObject({ count: 1, weight: '1.5' });
      const question = { subject: 'Tesla', predicate: 'revenue', agentId: agents[0]! };
      const answer = await client.query({ ...question, lens: 'vote-aware-consensus', maxStale: 0 });
      expect(answer).toMatchObject({ winner: claims[0], audited: true, resolution: { candidatesCount: 3 } });
      expect(await client.audit(answer.queryId)).toMatchObject({ resultHash: hashes[0], agentId: agents[0] });
      expect((await client.skeptic(question)).resolution.candidatesCount).toBe(3);
      expect((await client.list({ subject: 'Tesla' }, { limit: 2 })).items).toHaveLength(2);
      await process.call('close', () => served.database.close());
      await expect(client.health()).resolves.toBeDefined();
      await expect(client.submit(claims[0]!)).rejects.toMatchObject({ status: 503, indeterminate: false });
      await expect(client.health()).rejects.toMatchObject({ code: 'STEME_NOT_READY' });
    });
    expect(outcome.failure).toBeUndefined();
  });
});

async function open(ports: Ports): Promise<{ database: StemeDB; api: Api }> {
  const database = await StemeDB.open(ports, { directory: '/data' });
  return { database, api: createApi({ database, access: database.access, ports }) };
}
