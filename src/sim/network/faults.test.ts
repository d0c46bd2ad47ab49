import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Choices } from '../choices/index.ts';
import { calmNetwork, FaultDice } from './faults.ts';

const rate = { outOf: 3, max: Infinity };
const faults = { ...calmNetwork, dropRequest: rate, delay: { ...rate, microsMax: 1500 } };
const diceOf = (seed: string): FaultDice =>
  new FaultDice(faults, new Choices({ kind: 'seed', seed, record: false }));

describe('FaultDice', () => {
  it('is keyed: what strikes one route depends neither on the messages of others nor on other faults', () => {
    const route = 'agent-1>node-1';
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.boolean(), { maxLength: 50 }), (seed, others) => {
        const [alone, among] = [diceOf(String(seed)), diceOf(String(seed))];
        for (const another of others) {
          if (another) among.strikes('dropRequest', 'agent-2>node-1', 'GET /');
          else among.strikes('delay', route, 'GET /');
          expect(among.strikes('dropRequest', route, 'GET /')).toBe(
            alone.strikes('dropRequest', route, 'GET /'),
          );
        }
      }),
    );
  });

  it('strikes about one in so many', () => {
    const dice = diceOf('1');
    const struck = Array.from({ length: 3000 }, () => dice.strikes('dropRequest', 'a>b', 'GET /')).filter(
      Boolean,
    );
    expect(struck.length / 1000).toBeGreaterThan(0.9);
    expect(struck.length / 1000).toBeLessThan(1.1);
  });

  it('lets a fault last from 1 to its bound, in every order of magnitude', () => {
    const dice = diceOf('1');
    const lengths = Array.from({ length: 2000 }, () => dice.micros('delay', 'a>b'));
    expect(Math.min(...lengths)).toBe(1);
    expect(Math.max(...lengths)).toBe(1500);
    for (let octave = 1; octave < 1024; octave *= 2) {
      expect(lengths.filter((micros) => micros >= octave && micros < 2 * octave).length).toBeGreaterThan(100);
    }
  });
});
