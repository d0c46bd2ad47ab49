import { describe, expect, it } from 'vitest';
import { buildBases } from './fuzz-files/base.ts';
import { runCampaign } from './fuzz-files/campaign.ts';
import { Dice } from './fuzz-files/dice.ts';
import { openAndRead } from './fuzz-files/examine.ts';
import { judge } from './fuzz-files/judge.ts';
import { Laboratory } from './fuzz-files/laboratory.ts';
import { makeCase, playCase } from './fuzz-files/fuzz-case.ts';
import { signatures } from './fuzz-files/base.ts';
import { renderCase } from './fuzz-files/table.ts';
import { targets } from './fuzz-files/targets.ts';
import { damageNames } from './fuzz-files/damages.ts';

describe('damaged files', () => {
  it('open to something genuine or are refused, in 2,000 cases', async () => {
    const tally = await runCampaign({ seed: 'test', from: 0, cases: 2000 });
    const violations = tally.violated.map(({ fuzzCase, result }) => renderCase(fuzzCase, result, 'test'));
    expect(violations).toEqual([]);
    for (const target of targets) {
      for (const damage of damageNames) {
        if (damage === 'bring back an earlier state') continue;
        expect(tally.rows.has(`${target.padEnd(10)}${damage}`)).toBe(true);
      }
    }
  });
});

describe('a case', () => {
  it('is the same for the same seed and number', async () => {
    const bases = await buildBases();
    for (let number = 0; number < 50; number += 1) {
      const [one, other] = [makeCase(bases, 'seed', number), makeCase(await buildBases(), 'seed', number)];
      expect(other).toEqual(one);
      expect(await playCase(other)).toEqual(await playCase(one));
    }
  });
});
