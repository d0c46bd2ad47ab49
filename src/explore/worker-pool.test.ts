import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CampaignPlan } from './run-plan.ts';
import type { RunRecord } from './run-record.ts';
import { isHang } from './watchdog/hang.ts';
import { WorkerPool } from './worker-pool.ts';

const plan: CampaignPlan = { seed: '42', pairs: [{ arena: 'toy', scenario: 'calm' }] };
const built = (file: string): string =>
  pathToFileURL(path.resolve(import.meta.dirname, '../../dist/src', file)).href;

/** Plays an arena of its own, whose run 5 spins in microtasks for ever. */
const hangingWorker = `
import { workerData } from 'node:worker_threads';
import { defineArena } from '${built('arena/index.js')}';
import { play } from '${built('explore/play.js')}';
import { workThrough } from '${built('explore/worker-loop.js')}';

let hangs = false;
const arena = defineArena({
  name: 'toy', summary: '', scenarios: ['calm'], markers: [],
  properties: [{ id: 'p', kind: 'safety', claim: '' }],
  async play(context) {
    for (let turn = 0; turn < 50; turn++) await context.scheduler.yield();
    while (hangs) await undefined;
  },
});
const calm = {
  name: 'calm', summary: '', profiles: ['strict'], latency: { slow: 0, outOf: 1, microsMax: 0 },
  crashes: { powerLossesMax: 0, killsMax: 0, distanceStepsMax: 1, distanceWritesMax: 1, imagesMax: 0 },
};
const catalogue = { arenas: new Map([['toy', arena]]), scenarios: new Map([['calm', calm]]) };
await workThrough(workerData, async (plan) => {
  hangs = plan.run === 5;
  return (await play(catalogue, plan)).record;
});
`;

let folder: string;
let script: URL;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stemedb-sim-pool-'));
  const file = path.join(folder, 'hanging-worker.mjs');
  writeFileSync(file, hangingWorker);
  script = pathToFileURL(file);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function records(jobs: number, stop: () => boolean = () => false): Promise<RunRecord[]> {
  const pool = new WorkerPool({ plan, jobs, mutant: undefined, stop, hangMs: 1000, script });
  const all: RunRecord[] = [];
  for await (const record of pool.records(40, (position) => position)) all.push(record);
  return all;
}

describe('WorkerPool', () => {
  it('ends a worker that spins in microtasks, keeps the seed of that run, and loses no other', async () => {
    const alone = await records(1);
    expect(alone.map(({ run }) => run)).toEqual(Array.from({ length: 40 }, (_, run) => run));
    const hung = alone.filter(isHang);
    expect(hung.map(({ run, verdict }) => [run, verdict])).toEqual([[5, 'error']]);
    expect(hung.every(({ seed }) => /^\d+(\.\d+)?$/.test(seed))).toBe(true);
    expect(alone.filter((record) => !isHang(record)).every(({ verdict }) => verdict === 'held')).toBe(true);

    const together = await records(2);
    const facts = ({ run, seed, verdict, digest }: RunRecord): unknown[] => [run, seed, verdict, digest];
    expect(together.map(facts)).toEqual(alone.map(facts));
  });

  it('begins nothing more once it is to stop, and reports what had begun without a gap', async () => {
    let looks = 0;
    const some = await records(2, () => ++looks > 2);
    expect(some.length).toBeGreaterThan(0);
    expect(some.map(({ run }) => run)).toEqual(some.map((_, run) => run));
  });

  it('plays the first run even when it is to stop before that', async () => {
    expect((await records(1, () => true)).length).toBeGreaterThan(0);
  });
});
