import { describe, expect, it } from 'vitest';
import { isErrno } from '../src/ports/index.ts';
import { Disk } from '../src/sim/index.ts';
import { type Base, buildBases, signatures } from './fuzz-files/base.ts';
import { runCampaign } from './fuzz-files/campaign.ts';
import { damageNames } from './fuzz-files/damages.ts';
import { Dice } from './fuzz-files/dice.ts';
import { type Holdings, indexesOf, openAndRead } from './fuzz-files/examine.ts';
import { makeCase, playCase } from './fuzz-files/fuzz-case.ts';
import { judge } from './fuzz-files/judge.ts';
import { Laboratory } from './fuzz-files/laboratory.ts';
import { renderCase } from './fuzz-files/table.ts';

describe('damaged files', () => {
  it('open to something genuine or are refused, in 2,000 cases', async () => {
    const done = new Set<string>();
    const tally = await runCampaign({
      seed: 'test',
      from: 0,
      cases: 2000,
      onCase: ({ damages }) => damages.forEach(({ damage }) => done.add(damage)),
    });
    expect(tally.violated.map(({ fuzzCase, result }) => renderCase(fuzzCase, result, 'test'))).toEqual([]);
    expect([...done].toSorted()).toEqual(damageNames.toSorted());
  });

  it('are the same, and come to the same, for the same seed', async () => {
    const bases = await buildBases();
    const again = await buildBases();
    for (let number = 0; number < 50; number += 1) {
      const [one, other] = [makeCase(bases, 'seed', number), makeCase(again, 'seed', number)];
      expect(other.damages).toEqual(one.damages);
      expect(await playCase(other)).toEqual(await playCase(one));
    }
  });
});

describe('the bases', () => {
  it('are whole as long as nobody damages them', async () => {
    for (const base of await buildBases()) {
      const outcome = await openAndRead(laboratoryOf(base), base.config);
      if (outcome.kind === 'refused') throw new Error(outcome.message);
      judge(base, outcome.holdings, 'nothing');
      expect(outcome.holdings.claims.size).toBe(base.claims.length);
    }
  });
});

describe('the judge', () => {
  it('sees what was invented, altered, lost, left out or put aside', async () => {
    const [base] = (await buildBases()) as [Base];
    const [first, second] = base.claims as [Base['claims'][0], Base['claims'][0]];
    const without = (...gone: readonly Base['claims'][0][]): Holdings => {
      const left = base.claims.filter((claim) => !gone.includes(claim));
      return {
        claims: new Map(left.map(({ hash, bytes }) => [hash, bytes])),
        indexes: indexesOf(left),
        quarantined: 0,
      };
    };
    const whole = without();
    const last = base.claims.at(-1)!;
    const lastTwo = base.claims.slice(-2);

    judge(base, whole, 'nothing');
    judge(base, without(last), 'the last claim');
    judge(base, without(...lastTwo), 'the last claims');
    judge(base, without(first), 'anything');
    const violations: readonly [Holdings, Parameters<typeof judge>[2], RegExp][] = [
      [{ ...whole, claims: new Map([['ab', 'cd'], ...whole.claims]) }, 'anything', /nobody made/],
      [
        { ...whole, claims: new Map([...whole.claims, [first.hash, second.bytes]]) },
        'anything',
        /not as it was/,
      ],
      [without(last), 'nothing', /1 of \d+ claims are gone/],
      [without(...lastTwo), 'the last claim', /2 of \d+ claims are gone/],
      [without(first), 'the last claims', /claim 0 is gone, though/],
      [{ ...whole, quarantined: 1 }, 'nothing', /quarantine/],
      [{ ...whole, indexes: without(first).indexes }, 'nothing', /no entry/],
      [{ ...whole, indexes: new Set([...whole.indexes, 'more']) }, 'nothing', /entries for/],
    ];
    for (const [holdings, tolerance, message] of violations) {
      expect(() => judge(base, holdings, tolerance)).toThrow(message);
    }
  });
});

describe('the laboratory', () => {
  const file = '/f';
  const laboratory = (): Laboratory => new Laboratory(new Disk(), new Dice('laboratory'), signatures);

  it('sees a process that waits for ever', async () => {
    const waiting = laboratory().run((ports) => ports.scheduler.park('nobody').promise);
    await expect(waiting).rejects.toThrow('it waits for ever');
  });

  it('sees a process that never stops asking', async () => {
    const asking = laboratory().run(async ({ fs }) => {
      for (;;) await fs.stat(file).catch(() => undefined);
    });
    await expect(asking).rejects.toThrow('it makes more than');
  });

  it('sees a read that asks for more than a file can hold', async () => {
    const reading = laboratory().run(async ({ fs }) => {
      const handle = await fs.open(file, 'w+');
      await handle.read(new Uint8Array(1 << 24), 0, 1 << 24, 0);
      await handle.close();
    });
    await expect(reading).rejects.toThrow('it asks for 16777216 bytes of /f');
  });

  it('sees a file that is left open, and a failure that nobody hears of', async () => {
    await expect(laboratory().run(({ fs }) => fs.open(file, 'w'))).rejects.toThrow('/f was left open');
    const failing = laboratory().run(async ({ scheduler }) => {
      scheduler.spawn('lost', () => Promise.reject(new Error('unheard')));
    });
    await expect(failing).rejects.toThrow('a task has failed and nobody noticed');
  });

  it('hands on what a process throws, and an error of the file system with its code', async () => {
    const missing = laboratory().run(({ fs }) => fs.open(file, 'r'));
    await expect(missing).rejects.toSatisfy((error) => isErrno(error, 'ENOENT'));
  });
});

function laboratoryOf(base: Base): Laboratory {
  return new Laboratory(base.disk.fork(), new Dice('test'), signatures);
}
