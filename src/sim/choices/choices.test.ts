import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Choices } from './choices.ts';
import { parseTape } from './tape.ts';

const seeded = (seed: string, record = false): Choices => new Choices({ kind: 'seed', seed, record });

describe('Choices', () => {
  it('draws the same from the same seed, lane and site', () => {
    expect(draws(seeded('42'), 'a', 20)).toEqual(draws(seeded('42'), 'a', 20));
    expect(draws(seeded('42'), 'a', 20)).not.toEqual(draws(seeded('43'), 'a', 20));
  });

  it('is keyed: what one site draws does not depend on what others draw, or when', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), (others) => {
        const choices = seeded('7');
        for (const site of others) choices.stream('fault', site).choose(10);
        expect(draws(choices, 'mine', 5)).toEqual(draws(seeded('7'), 'mine', 5));
      }),
    );
  });

  it('draws entropy from the seed whatever the tape says, and records none', () => {
    const bySeed = seeded('7', true);
    const words = Array.from({ length: 4 }, () => bySeed.entropy('ids').choose(2 ** 32));
    expect(new Set(words).size).toBe(4);
    expect(bySeed.tape?.workload).toEqual({});
    const tape = parseTape({ knobs: {}, workload: { ids: [2 ** 32, 0] }, fault: {}, schedule: {} });
    for (const kind of ['strict', 'steps'] as const) {
      const replayed = new Choices({ kind, seed: '7', tape });
      expect(Array.from({ length: 4 }, () => replayed.entropy('ids').choose(2 ** 32))).toEqual(words);
    }
  });

  it('gives the same site in two lanes two streams', () => {
    const choices = seeded('1');
    const one = Array.from({ length: 8 }, () => choices.stream('fault', 'x').choose(1000));
    const other = Array.from({ length: 8 }, () => choices.stream('schedule', 'x').choose(1000));
    expect(one).not.toEqual(other);
  });

  it('pins the values of one seed, so that a change of generator cannot go unnoticed', () => {
    expect(draws(seeded('42'), 'pinned', 8)).toMatchInlineSnapshot(`
      [
        318,
        588,
        137,
        419,
        427,
        46,
        969,
        552,
      ]
    `);
  });

  it('takes a small domain and a multiple of it from the same value of the generator', () => {
    const domain = fc.integer({ min: 2, max: 2 ** 15 });
    fc.assert(
      fc.property(domain, fc.string(), (small, site) => {
        const large = small * 2 ** 16;
        const one = seeded('3').stream('workload', site);
        const other = seeded('3').stream('workload', site);
        for (let nth = 0; nth < 20; nth++) {
          expect(one.choose(small)).toBe(Math.floor(other.choose(large) / 2 ** 16));
        }
      }),
    );
  });

  it('stays below every domain and reaches all of a small one', () => {
    const stream = seeded('9').stream('workload', 'x');
    const seen = new Set<number>();
    for (let nth = 0; nth < 1000; nth++) seen.add(stream.choose(6));
    expect([...seen].toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('draws nothing for a forced choice', () => {
    const choices = seeded('3', true);
    const stream = choices.stream('workload', 'x');
    expect(stream.choose(1)).toBe(0);
    expect(choices.tape?.workload['x']).toEqual([]);
  });

  it('replays its own tape strictly', () => {
    const recorded = seeded('5', true);
    const values = draws(recorded, 'x', 10);
    const replayed = new Choices({ kind: 'strict', seed: '5', tape: recorded.tape! });
    expect(draws(replayed, 'x', 10)).toEqual(values);
    expect(() => replayed.finish()).not.toThrow();
  });

  it('refuses, in a strict replay, another domain, one draw more and one draw less', () => {
    const recorded = seeded('5', true);
    draws(recorded, 'x', 2);
    const strict = (): Choices => new Choices({ kind: 'strict', seed: '5', tape: recorded.tape! });
    expect(() => strict().stream('workload', 'x').choose(999)).toThrow(/asked for one of 999/);
    const more = strict();
    draws(more, 'x', 2);
    expect(() => more.stream('workload', 'x').choose(1000)).toThrow(/once more/);
    const less = strict();
    draws(less, 'x', 1);
    expect(() => less.finish()).toThrow(/ended before/);
    expect(() => strict().finish()).toThrow(/never drew here/);
  });

  it('takes, when replaying steps, what fits and the calmest where the tape says nothing', () => {
    const tape = parseTape({ knobs: {}, fault: {}, schedule: {}, workload: { x: [1000, 700, 1000, 5] } });
    const stream = new Choices({ kind: 'steps', seed: '5', tape }).stream('workload', 'x');
    expect([stream.choose(10), stream.choose(1000), stream.choose(1000)]).toEqual([9, 5, 0]);
  });
});

describe('parseTape', () => {
  it('has parts of a site that are the whole by seed, and on a tape can each be left out without the others', () => {
    const operations = ['op-0', 'op-1', 'op-2'];
    const drawn = (choices: Choices): number[][] =>
      operations.map((part) => {
        const stream = choices.section('workload', 'agent-1', part);
        return [stream.choose(1000), stream.choose(1000)];
      });
    const recorded = seeded('9', true);
    const values = drawn(recorded);
    const whole = seeded('9').stream('workload', 'agent-1');
    expect(values.flat()).toEqual(Array.from({ length: 6 }, () => whole.choose(1000)));
    const tape = recorded.tape!;
    expect(Object.keys(tape.workload)).toEqual(operations.map((part) => `agent-1 ${part}`));
    expect(drawn(new Choices({ kind: 'strict', seed: '9', tape }))).toEqual(values);

    const { ['agent-1 op-1']: _, ...others } = tape.workload;
    const without = new Choices({ kind: 'steps', seed: '9', tape: { ...tape, workload: others } });
    expect(drawn(without)).toEqual([values[0], [0, 0], values[2]]);
  });

  it('leaves out by a tape that says so and by nothing else, and draws nothing for it by seed', () => {
    const bySeed = seeded('9', true);
    expect(bySeed.omits('workload', 'agent-1 op-1')).toBe(false);
    expect(bySeed.tape?.workload).toEqual({});

    const kept = new Choices({ kind: 'steps', seed: '9', tape: bySeed.tape! });
    expect(kept.omits('workload', 'agent-1 op-1')).toBe(false);
    const [site = ''] = Object.keys(kept.tape?.workload ?? {});
    expect(site).toContain('agent-1 op-1');
    const tape = { ...bySeed.tape!, workload: { [site]: [2, 1] } };
    for (const kind of ['strict', 'steps'] as const) {
      const replayed = new Choices({ kind, seed: '9', tape });
      expect(replayed.omits('workload', 'agent-1 op-1')).toBe(true);
      expect(replayed.omits('workload', 'agent-1 op-2')).toBe(false);
    }
  });

  it('refuses what is no tape and says where', () => {
    expect(() => parseTape(undefined)).toThrow(/lane "knobs"/);
    expect(() => parseTape({ knobs: { x: [1] } })).toThrow(/site "x"/);
    expect(() => parseTape({ knobs: { x: [2, -1] } })).toThrow(/site "x"/);
  });
});

function draws(choices: Choices, site: string, count: number): number[] {
  const stream = choices.stream('workload', site);
  return Array.from({ length: count }, () => stream.choose(1000));
}
