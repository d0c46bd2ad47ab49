import { describe, expect, it } from 'vitest';
import { nodeSignatures, toHex } from '../../crypto/index.ts';
import { crashProfile, ProcessGoneError, World } from '../../sim/index.ts';
import { StemeDB } from '../stemedb.ts';
import { type Finding, examineDatabase } from './index.ts';
import { claimNumber, config, damages, directory } from './verify.test-support.ts';

const runs = 25;

describe.each(['strict', 'ext4-ordered', 'kill'])('after a crash, profile %s', (profile) => {
  it('examineDatabase finds no damage, and every claim that was acknowledged', async () => {
    let crashes = 0;
    let acknowledgedInAll = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const { failure } = await play(profile, String(seed), (acknowledged, findings, found) => {
        crashes += 1;
        acknowledgedInAll += acknowledged.size;
        expect(damages(findings)).toEqual([]);
        expect([...acknowledged].filter((hash) => !found.has(hash))).toEqual([]);
      });
      if (failure !== undefined) throw new Error(`seed ${seed}`, { cause: failure.error });
    }
    expect(crashes).toBeGreaterThan(2 * runs);
    expect(acknowledgedInAll).toBeGreaterThan(10 * runs);
  });
});

type Judge = (
  acknowledged: ReadonlySet<string>,
  findings: readonly Finding[],
  found: ReadonlySet<string>,
) => void;

/** Submits until a crash, three times, with a look at the disk after each. */
function play(profile: string, seed: string, judge: Judge): ReturnType<World['run']> {
  const world = new World({
    choices: { kind: 'seed', seed, record: false },
    strategy: 'random',
    choicesPerRun: 1000,
    latency: { slow: 1, outOf: 4, microsMax: 2000 },
    stepsMax: 1_000_000,
    trace: false,
    signatures: nodeSignatures,
  });
  return world.run(async () => {
    const machine = world.machine('node', crashProfile(profile));
    const draws = world.choices.stream('workload', 'crashes');
    const acknowledged = new Set<string>();
    let number = 0;
    for (let round = 0; round < 3; round++) {
      const process = machine.boot();
      world.kernel.afterSteps(20 + draws.choose(600), 'crash', () => {
        if (profile === 'kill') machine.kill();
        else machine.powerLoss();
      });
      try {
        const db = await process.call('open', () => StemeDB.open(process.ports, config));
        for (;;) {
          const claim = claimNumber(number++);
          const { hash } = await process.call('submit', () => db.submit(claim));
          acknowledged.add(toHex(hash));
        }
      } catch (error) {
        if (!(error instanceof ProcessGoneError)) throw error;
      }
      const examiner = machine.boot();
      const findings: Finding[] = [];
      const found = new Set<string>();
      const examination = {
        directory,
        depth: 'claims',
        onClaim: (hash: Uint8Array) => void found.add(toHex(hash)),
      } as const;
      await examiner.call('examine', () =>
        examineDatabase(examiner.ports, examination, (finding) => {
          findings.push(finding);
        }),
      );
      judge(acknowledged, findings, found);
    }
  });
}
