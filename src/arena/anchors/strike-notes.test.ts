import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Choices, Strikes, type Tape } from '../../sim/choices/index.ts';
import { type AnchoredFault, type FaultPlan, labelOfStrike } from './anchored-fault.ts';
import { StrikeNotes } from './strike-notes.ts';

interface Call {
  readonly operation: string;
  readonly path: string;
  readonly life: number;
}

const call = fc.record({
  operation: fc.constantFrom('read', 'datasync'),
  path: fc.constantFrom('/wal/000001-00112233.seg', '/wal/000002-44556677.seg', '/kv/run-1'),
  life: fc.constantFrom(1, 2),
});

interface Strike {
  readonly call: Call;
  readonly details: readonly number[];
}

/** Which of `calls` are struck, and what else is decided of them; and what the notes say of it. */
function strikesOf(calls: readonly Call[], choices: Choices, plan?: FaultPlan) {
  const noted: AnchoredFault[] = [];
  const met: AnchoredFault[] = [];
  const notes = new StrikeNotes(plan, (fault, planned) => {
    noted.push(fault);
    if (planned !== undefined) met.push(planned);
  });
  const strikes = new Strikes(choices, notes);
  const struck: Strike[] = [];
  for (const one of calls) {
    const draws = choices.stream('fault', `node-1:${one.operation}:eio`);
    const chance = { fault: 'syncError', where: 'node-1', ...one };
    if (!strikes.strikes('syncError', 3, draws, () => chance)) continue;
    const details = strikes.details('syncError', draws);
    struck.push({ call: one, details: [details.choose(5), details.choose(9)] });
  }
  return { struck, noted, met };
}

function seeded(seed: number): Choices {
  return new Choices({ kind: 'seed', seed: String(seed), record: false });
}

/** What a kept case has on its tape. */
function replayOf(faults: readonly AnchoredFault[]): Choices {
  const fault = Object.fromEntries(faults.map((one) => [labelOfStrike(one), one.details ?? []]));
  const tape: Tape = { knobs: {}, workload: {}, fault, schedule: {} };
  return new Choices({ kind: 'steps', seed: 'another', tape });
}

const other: Call = { operation: 'read', path: '/kv/manifest-7', life: 1 };

describe('strikes of faults that were noted', () => {
  it('come again at the same calls and do the same, though other calls come between', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), fc.nat(), fc.nat(5), (calls, seed, every) => {
        const before = strikesOf(calls, seeded(seed));
        const faults = before.noted;
        const among = calls.flatMap((one, index) => (index % (every + 1) === 0 ? [other, one] : [one]));
        const after = strikesOf(among, replayOf(faults), { faults, kinds: 'all' });
        expect(after.struck).toEqual(before.struck);
        expect(after.met).toEqual(faults);
      }),
    );
  });

  it('are told by what files are for, and by the life of the machine', () => {
    const calls = Array.from({ length: 40 }, (_, index): Call => {
      const path = `/wal/00000${(index % 4) + 1}-0011223${index % 4}.seg`;
      return { operation: 'datasync', path, life: index < 20 ? 1 : 2 };
    });
    const { struck, noted } = strikesOf(calls, seeded(1));
    expect(noted.map(({ at }) => [at.path, at.life, at.nth])).toEqual(
      struck.map((one) => ['/wal/#-#.seg', one.call.life, (calls.indexOf(one.call) % 20) + 1]),
    );
    expect(new Set(noted.map(({ at }) => at.life)).size).toBe(2);
  });

  it('are drawn again where the format of the case does not know them', () => {
    const calls = Array.from({ length: 40 }, () => other);
    const plan: FaultPlan = { faults: [], kinds: 'first' };
    expect(strikesOf(calls, seeded(1), plan).struck).toEqual(strikesOf(calls, seeded(1)).struck);
    expect(strikesOf(calls, seeded(1), { faults: [], kinds: 'all' }).struck).toEqual([]);
  });
});
