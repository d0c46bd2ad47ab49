import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { crashProfiles, type DiskFaults } from '../sim/index.ts';
import type { ClockFaults, MemoryBudgets, Scenario } from './scenario.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const schema = z.fromJSONSchema(read('scenario.schema.json') as Parameters<typeof z.fromJSONSchema>[0]);
const names = readdirSync(folder).filter((name) => name !== 'scenario.schema.json');

const rate = { outOf: 4, max: 2 };

/** Every field that there is, by type: what is missing here does not compile. */
const full: Required<Scenario> = {
  name: 'full',
  summary: 'Everything that a scenario may say.',
  swarm: true,
  profiles: Object.keys(crashProfiles),
  latency: { slow: 1, outOf: 4, microsMax: 2000 },
  crashes: {
    powerLossesMax: 0,
    killsMax: 0,
    distanceStepsMax: 1,
    distanceWritesMax: 1,
    imagesMax: 0,
    imagesAtSyncsMax: 100,
  } satisfies Required<Scenario['crashes']>,
  network: {
    delay: { outOf: 4, max: 100, microsMax: 2000 },
    dropRequest: { outOf: 50, max: 10 },
    dropResponse: { outOf: 50, max: 10 },
    duplicate: { outOf: 50, max: 10 },
    partition: { outOf: 500, max: 2, microsMax: 500_000 },
    reset: { outOf: 50, max: 10 },
    silence: { outOf: 2, max: 1 },
  },
  rot: { bitsMax: 3, distanceStepsMax: 512 },
  clock: {
    stepsMax: 3,
    msMax: 60_000,
    distanceStepsMax: 1024,
    apartMsMax: 60_000,
    driftPpmMax: 500,
    freezes: { max: 2, msMax: 1000 },
  } satisfies Required<ClockFaults>,
  pauses: { max: 2, msMax: 1000, distanceStepsMax: 1024 },
  crashLoops: { max: 1, crashesMax: 4, distanceStepsMax: 1024 },
  disk: {
    readError: { outOf: 3, max: 20, under: '/wal/', during: 'serving', lastingOutOf: 2 },
    shortRead: rate,
    shortWrite: rate,
    interrupted: rate,
    noHandles: rate,
    noSpace: { ...rate, leftBytesMax: 4096, microsMax: 1000 },
    quota: { ...rate, leftBytesMax: 0, microsMax: 1000 },
    lateNoSpace: rate,
    lateQuota: rate,
    noSpaceForNames: { ...rate, microsMax: 1000 },
    quotaForNames: { ...rate, microsMax: 1000 },
    writeError: rate,
    syncError: rate,
    unreportedSyncError: rate,
    directorySyncError: rate,
    eviction: { ...rate, during: 'always' },
    readOnly: { ...rate, microsMax: 1000 },
    slow: { ...rate, microsMax: 1000 },
    stall: { ...rate, microsMax: 1000 },
    lostWrite: rate,
    misdirectedWrite: rate,
    bitRot: rate,
  } satisfies Required<DiskFaults>,
  sites: { activeOutOf: 4, firesOutOf: 4 },
  rotAtRest: 4,
  hostileRequests: 10,
  hostileRecords: 10,
  collisions: { bits: 8 },
  memory: {
    lensesBytesMax: 4096,
    bodyBytesMax: 1024,
    bufferBytesMax: 65_536,
  } satisfies Required<MemoryBudgets>,
  workload: { agents: 10, operationsPerAgent: 10, queriers: 1, ingestWorkers: 2 },
};

describe('scenario.schema.json', () => {
  it.each(names)('fits %s, whose name is that of its file', (name) => {
    expect(schema.safeParse(read(name)).error).toBeUndefined();
    expect((read(name) as Scenario).name).toBe(name.replace('.json', ''));
  });

  it('knows every field that a scenario may have, and refuses others', () => {
    expect(schema.safeParse(full).error).toBeUndefined();
    const wrong: readonly object[] = [
      { ...full, netwrok: {} },
      { ...full, crashes: { ...full.crashes, imagesAtSyncsMax: -1 } },
      { ...full, crashes: { ...full.crashes, imagesAtWritesMax: 1 } },
      { ...full, network: { drop: { outOf: 1, max: 1 } } },
      { ...full, network: { reset: { outOf: 1 } } },
      { ...full, network: { delay: { outOf: 1, max: 1 } } },
      { ...full, network: { reset: { outOf: -1, max: 1 } } },
      { ...full, disk: { readErrors: rate } },
      { ...full, disk: { noSpace: rate } },
      { ...full, disk: { slow: { ...rate, microsMax: 0 } } },
      { ...full, disk: { syncError: { ...rate, during: 'recovery' } } },
      { ...full, clock: { ...full.clock, freezes: { max: 1 } } },
      { ...full, pauses: { max: 1, msMax: 0, distanceStepsMax: 1 } },
      { ...full, crashLoops: { max: 1, crashesMax: 1, distanceStepsMax: 1 } },
      { ...full, sites: { activeOutOf: 0, firesOutOf: 4 } },
      { ...full, collisions: { bits: 257 } },
      { ...full, memory: { lensesBytesMax: 0 } },
      { ...full, workload: { agents: 10 } },
      { ...full, workload: { ...full.workload, agents: 0 } },
    ];
    for (const scenario of wrong) expect(schema.safeParse(scenario).success).toBe(false);
  });

  it('has a thousand agents and a hundred queriers in thousand-agents, and little else that goes wrong', () => {
    expect(read('thousand-agents.json')).toMatchObject({
      latency: (read('torn-writes.json') as Scenario).latency,
      crashes: { powerLossesMax: 0, killsMax: 1 },
      workload: { agents: 1000, queriers: 100, ingestWorkers: 4 },
    });
  });
});
