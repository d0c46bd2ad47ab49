import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hungRecord, hungRun, isHang } from './hang.ts';
import { play } from '../play.ts';
import { calm, lostUpdate } from '../play.test-support.ts';
import { readRunFile, toRunFile, writeRunFile } from '../run-file.ts';
import { planRun } from '../run-plan.ts';

const plan = planRun({ seed: '42', pairs: [{ arena: 'toy', scenario: 'calm' }] }, 17);

describe('a run that hung', () => {
  it('is an error that keeps the seed, and is told from all that were played to their end', async () => {
    const record = hungRecord(plan);
    expect(record).toMatchObject({ ...plan, verdict: 'error', signature: 'simulator/unhandled/SIM_HANG' });
    expect(isHang(record)).toBe(true);
    expect(isHang((await play(lostUpdate, plan)).record)).toBe(false);
  });

  it('has the fields of any other record, and nothing that depends on when it was ended', async () => {
    const { record } = await play(lostUpdate, plan);
    expect(Object.keys(hungRecord(plan)).toSorted()).toEqual(Object.keys(record).toSorted());
    expect(hungRecord(plan)).toEqual(hungRecord(plan));
  });

  it('has a file as any other, from which its seed can be had', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'stemedb-sim-hang-'));
    try {
      const file = await writeRunFile(folder, await toRunFile(hungRun(plan, calm), undefined));
      const read = await readRunFile(file);
      expect(read.record.seed).toBe(plan.seed);
      expect(read.failure?.code).toBe('SIM_HANG');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
