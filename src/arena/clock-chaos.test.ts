import { describe, expect, it } from 'vitest';
import { arenaRun } from './arena-run.test-support.ts';
import type { ClockFaults } from './scenario.ts';

const still: ClockFaults = { stepsMax: 0, msMax: 1, distanceStepsMax: 8 };
const seeds = Array.from({ length: 20 }, (_, seed) => String(seed));

/** By how much a wall clock is ahead of true time at the end of each millisecond: 40 of chaos, 10 after it. */
async function leads(clock: ClockFaults, seed: string) {
  const all: number[] = [];
  const { record, failure } = await arenaRun(
    { clock },
    async (context) => {
      const { clock: one } = context.machine('node-1');
      const node = context.machine('node-2');
      context.chaos.faultClock(node);
      let beforeMs = 0;
      for (let turn = 0; turn < 50; turn++) {
        if (turn === 40) context.chaos.stop();
        await context.clock.sleep(1);
        all.push(node.clock.wallMs() - one.wallMs());
        const nowMs = node.clock.monotonicMs();
        expect(nowMs).toBeGreaterThanOrEqual(beforeMs + 1);
        beforeMs = nowMs;
      }
    },
    seed,
  );
  expect(failure).toBeUndefined();
  return { counts: record.faults, during: all.slice(0, 40), after: all.slice(40) };
}

describe('clock faults', () => {
  it('leave clocks alone that the scenario says nothing more of', async () => {
    const { counts, during, after } = await leads(still, '1');
    expect(counts).toEqual({});
    expect(new Set([...during, ...after])).toEqual(new Set([0]));
  });

  it('set machines apart from the start, ahead or behind, by no more than was said', async () => {
    const firsts = new Set<number>();
    for (const seed of seeds) {
      const { counts, during } = await leads({ ...still, apartMsMax: 60_000 }, seed);
      expect(new Set(during).size).toBe(1);
      expect(counts).toEqual(during[0] === 0 ? {} : { 'clock-apart': 1 });
      firsts.add(during[0] ?? 0);
    }
    expect([...firsts].every((ms) => Math.abs(ms) <= 60_000)).toBe(true);
    expect([...firsts].some((ms) => ms < 0)).toBe(true);
    expect([...firsts].some((ms) => ms > 0)).toBe(true);
  });

  it('let a clock drift, too fast or too slow, until chaos ends', async () => {
    const ways = new Set<number>();
    for (const seed of seeds) {
      const { counts, during, after } = await leads({ ...still, driftPpmMax: 500_000 }, seed);
      const lead = during.at(-1) ?? 0;
      if (counts['clock-drift'] === undefined) expect(lead).toBe(0);
      expect(Math.abs(lead)).toBeLessThanOrEqual(21);
      ways.add(Math.sign(lead));
      expect(during.toSorted((one, other) => one - other)).toEqual(lead < 0 ? during.toReversed() : during);
      // Rounding down to a whole millisecond may come and go.
      expect(Math.max(...after) - Math.min(...after)).toBeLessThanOrEqual(1);
    }
    expect(ways).toEqual(new Set([-1, 0, 1]));
  });

  it('let a clock stand still for a while, and go on from there', async () => {
    let froze = 0;
    for (const seed of seeds) {
      const { counts, during, after } = await leads({ ...still, freezes: { max: 3, msMax: 6 } }, seed);
      const times = counts['clock-freeze'] ?? 0;
      froze += times;
      const lost = -(during.at(-1) ?? 0);
      expect(lost).toBeGreaterThanOrEqual(times === 0 ? 0 : 1);
      expect(lost).toBeLessThanOrEqual(times * 7);
      expect(Math.max(...after) - Math.min(...after)).toBeLessThanOrEqual(1);
    }
    expect(froze).toBeGreaterThan(seeds.length);
  });
});
