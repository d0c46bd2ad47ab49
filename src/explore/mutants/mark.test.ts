import { runInThisContext } from 'node:vm';
import typescript from 'typescript';
import { beforeEach, describe, expect, it } from 'vitest';
import { countOfPlantedRuns, markPlaces } from './mark.ts';

let count: () => number;

beforeEach(() => {
  count = countOfPlantedRuns();
});

/** Evaluates the source with a mark at `@`. */
function marked(source: string): (input: number) => number {
  const at = source.indexOf('@');
  const text = markPlaces(typescript, source.replace('@', ''), [at]);
  return runInThisContext(text) as (input: number) => number;
}

describe('a mark', () => {
  it('counts a statement as often as it runs, and leaves its value alone', () => {
    const half = marked('(function (n) { if (n > 1) { @return n / 2; } return n; })');
    expect([half(8), half(1), half(4)]).toEqual([4, 1, 2]);
    expect(count()).toBe(2);
  });

  it('counts an arrow function without a body', () => {
    const twice = marked('(n) => @n * 2');
    expect([twice(1), twice(2)]).toEqual([2, 4]);
    expect(count()).toBe(2);
  });

  it('counts where a statement was taken out at the end of a block', () => {
    const same = marked('(function (n) { let m = n; if (n > 1) { m += 1; @} return m; })');
    expect([same(1), same(2)]).toEqual([1, 3]);
    expect(count()).toBe(1);
  });

  it('counts the case that is taken', () => {
    const name = marked('(function (n) { switch (n) { case 1: @return 10; default: return 0; } })');
    expect([name(1), name(2)]).toEqual([10, 0]);
    expect(count()).toBe(1);
  });

  it('is left out outside of any function', () => {
    expect(markPlaces(typescript, 'const a = 1;', [6])).toBe('const a = 1;');
  });
});
