import { rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../exit-code.ts';
import { ThreadPlayer } from '../minimize/thread-player.ts';
import type { PlayedRun } from '../play.ts';
import { calm } from '../play.test-support.ts';
import { checkKeptCase } from '../regressions/check.ts';
import { keep } from '../regressions/keep.ts';
import { toRunFile } from '../run-file.ts';
import { isHang } from '../watchdog/hang.ts';
import { plantHang, type PlantedHang, turnsPlan } from '../watchdog/planted-hang.test-support.ts';
import { PlayThreads } from './play-threads.ts';

const script = pathToFileURL(
  path.resolve(import.meta.dirname, '../../../dist/src/explore/threads/play-thread.js'),
);

let planted: PlantedHang;
let threads: PlayThreads;
let runs: PlayedRun[];

beforeAll(async () => {
  planted = plantHang();
  threads = new PlayThreads({
    jobs: 2,
    source: { module: planted.module, scenarios: [calm] },
    hangMs: 500,
    script,
  });
  runs = await Promise.all(
    Array.from({ length: 8 }, (_, run) => threads.play(turnsPlan(run), { tellsSteps: true, record: true })),
  );
});
afterAll(async () => {
  await threads.close();
  rmSync(planted.folder, { recursive: true });
});

const hung = (): PlayedRun => runs.find(({ record }) => isHang(record))!;
const failed = (): PlayedRun => runs.find(({ record }) => record.verdict === 'violated')!;

describe('PlayThreads', () => {
  it('ends a run that hangs, says where, and plays all others', () => {
    const { record, failure } = hung();
    expect(record).toMatchObject({ verdict: 'error', steps: 7 });
    expect(failure?.message).toBe(
      'No step was made for 0.5 s of processor time after step 7, of task main/root/user.',
    );
    const others = runs.filter(({ record: { signature } }) => signature !== record.signature);
    expect(others.length).toBe(7);
    expect(others.every(({ record: { verdict } }) => verdict !== 'error')).toBe(true);
  });

  it('lets a run be kept that hangs, finds it again, and sees when it hangs no more', async () => {
    const file = await toRunFile(hung(), undefined);
    const kept = await keep(threads.play, file, { name: 'round-for-ever', commit: null });
    expect(kept.choices.workload).toEqual({ turns: [8, 5] });
    expect(await checkKeptCase(threads.play, kept)).toMatchObject({ outcome: 'reproduced', agrees: true });
    const mended = { ...kept, choices: { ...kept.choices, workload: { turns: [8, 4] } } };
    expect(await checkKeptCase(threads.play, mended)).toMatchObject({ outcome: 'fixed' });
  });

  it('tells a minimizer that a candidate hangs, and goes on', async () => {
    const { record, tape, observed } = failed();
    const plan = turnsPlan(record.run);
    const player = new ThreadPlayer(threads, plan, record.signature!);
    const withTurns = (turns: number) => ({
      tape: { ...tape!, workload: { ...tape!.workload, turns: [8, turns] } },
      overtakings: observed.overtakings,
    });
    const tried = await Promise.all([5, 6, 7].map((turns) => player.play(withTurns(turns))));
    expect(tried.map(({ signature }) => signature)).toEqual([
      'simulator/unhandled/SIM_HANG',
      record.signature,
      null,
    ]);
    expect(tried.map(({ found }) => found !== undefined)).toEqual([false, true, false]);
  });

  it('throws what a run cannot be asked for, with its exit code', async () => {
    const own = new PlayThreads({ source: { module: planted.module, scenarios: [calm] }, script });
    await expect(own.play({ ...turnsPlan(0), arena: 'elsewhere' })).rejects.toMatchObject({
      code: 'SIM_UNKNOWN_NAME',
      exitCode: exitCodes.usage,
    });
    await own.close();
  });
});
