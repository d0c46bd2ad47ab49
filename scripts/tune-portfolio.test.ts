import { spawnSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutantNames } from '../src/explore/index.ts';
import type { MeasuredBug } from './strategies/measure-bug.ts';
import { type BugTable, halfOf, strataOf, tablesOf } from './strategies/measured.ts';
import { chancesOf, ratioOf } from './strategies/ratio.ts';
import { bestWeights, chanceOf, type Chances, type Weights } from './strategies/weights.ts';

const chances = (of: Readonly<Record<string, number>>): Chances => new Map(Object.entries(of));
const weights = (of: Readonly<Record<string, number>>): Weights => new Map(Object.entries(of));

/** A bug that every n-th workload shows, by strategy. */
function bugOf(bug: string, every: Readonly<Record<string, number>>, workloads = 200): BugTable {
  const found = Object.entries(every).map(([strategy, nth]) => {
    const hits = Uint8Array.from({ length: workloads }, (_, workload) => (workload % nth === 0 ? 1 : 0));
    return [strategy, hits] as const;
  });
  return { bug, half: halfOf(bug), workloads, found: new Map(found) };
}

describe('the best weights', () => {
  it('are even where each of two bugs has a strategy of its own', () => {
    const bugs = [chances({ pos: 0.1, surw: 0 }), chances({ pos: 0, surw: 0.001 })];
    const best = bestWeights(bugs, ['pos', 'surw'], 0);
    expect(best.get('pos')).toBeCloseTo(0.5, 3);
    expect(best.get('surw')).toBeCloseTo(0.5, 3);
  });

  it('leave to a strategy that finds nothing what every strategy keeps', () => {
    const best = bestWeights([chances({ pos: 0.1, sticky: 0 })], ['pos', 'sticky'], 0.05);
    expect(best.get('sticky')).toBeCloseTo(0.05, 6);
    expect(best.get('pos')).toBeCloseTo(0.95, 6);
  });

  it('are better than any others', () => {
    const share = fc.double({ min: 0.001, max: 0.5, noNaN: true });
    const bug = fc.record({ pos: share, surw: share, sticky: share });
    const meanLog = (of: Weights, bugs: readonly Chances[]): number =>
      bugs.reduce((sum, each) => sum + Math.log(chanceOf(of, each)), 0) / bugs.length;
    fc.assert(
      fc.property(
        fc.array(bug, { minLength: 1, maxLength: 6 }),
        fc.tuple(share, share, share),
        (bugs, [pos, surw, sticky]) => {
          const sum = pos + surw + sticky;
          const other = weights({ pos: pos / sum, surw: surw / sum, sticky: sticky / sum });
          const all = bugs.map((each) => chances(each));
          const best = bestWeights(all, ['pos', 'surw', 'sticky'], 0);
          expect(meanLog(best, all)).toBeGreaterThan(meanLog(other, all) - 1e-3);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the ratio to random', () => {
  const alone = weights({ portfolio: 1 });

  it('is 1 for a strategy that is no better, and its interval says that it may be either way', () => {
    const bugs = ['a', 'b', 'c', 'd'].map((bug) => bugOf(bug, { random: 20, portfolio: 20 }));
    const { value, low, high } = ratioOf(bugs, alone, 'random');
    expect(value).toBe(1);
    expect([low <= 1, high >= 1]).toEqual([true, true]);
  });

  it('is the geometric mean over bugs: four times as good at half of them is twice as good', () => {
    const better = ['a', 'b', 'c'].map((bug) => bugOf(bug, { random: 40, portfolio: 10 }));
    const equal = ['d', 'e', 'f'].map((bug) => bugOf(bug, { random: 20, portfolio: 20 }));
    const { value, low, high } = ratioOf([...better, ...equal], alone, 'random');
    expect(value).toBeGreaterThan(1.8);
    expect(value).toBeLessThan(2.1);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  });

  it('is told with the same interval again', () => {
    const bugs = ['a', 'b'].map((bug) => bugOf(bug, { random: 30, portfolio: 10 }));
    expect(ratioOf(bugs, alone, 'random')).toEqual(ratioOf(bugs, alone, 'random'));
  });

  it('is drawn towards 1 where little was found: no chance is taken for 0', () => {
    const [never] = [bugOf('a', { random: 1000, portfolio: 1000 }, 100)];
    expect(chancesOf(never!, []).get('random')).toBeGreaterThan(0);
  });
});

describe('what was measured', () => {
  const slice = (first: number, found: MeasuredBug['found']): MeasuredBug => ({
    bug: 'canary',
    first,
    workloads: 3,
    found,
  });

  it('is put together of slices, in whatever order they come', () => {
    const [table] = tablesOf([slice(3, { random: [5] }), slice(0, { random: [0, 1] })]);
    expect(table?.workloads).toBe(6);
    expect([...(table?.found.get('random') ?? [])]).toEqual([1, 1, 0, 0, 0, 1]);
  });

  it('counts no workload twice', () => {
    expect(() => tablesOf([slice(0, { random: [] }), slice(2, { random: [] })])).toThrow(RangeError);
  });

  it('is split in two by the names of the bugs', async () => {
    const halves = new Set((await mutantNames()).map(halfOf));
    expect([...halves].toSorted()).toEqual(['reported', 'tuned on']);
  });

  it('has strata by all strategies together', () => {
    const bugs = [
      bugOf('often', { random: 5, portfolio: 2 }),
      bugOf('sometimes', { random: 50, portfolio: 25 }),
      bugOf('rarely', { random: 2000, portfolio: 5000 }, 4000),
    ];
    const strata = strataOf(bugs);
    expect(strata.easy.map(({ bug }) => bug)).toEqual(['often']);
    expect(strata.medium.map(({ bug }) => bug)).toEqual(['sometimes']);
    expect(strata.hard.map(({ bug }) => bug)).toEqual(['rarely']);
  });

  it('is a run of each strategy in each workload', () => {
    const options = ['--from', '7', '--workloads', '2', '--strategy', 'random', '--strategy', 'portfolio'];
    const script = path.resolve(import.meta.dirname, '../dist/scripts/measure-strategies.js');
    const { stdout, stderr } = spawnSync(process.execPath, [script, ...options, 'canary'], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const found = { random: [7, 8], portfolio: [7, 8] };
    expect(JSON.parse(stdout)).toEqual({ bug: 'canary', first: 7, workloads: 2, found });
  });
});
