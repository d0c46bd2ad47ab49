import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashName, RollingDigest } from './digest.ts';

type Step = readonly [number, number, number, number, number];

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const step: fc.Arbitrary<Step> = fc.tuple(word, word, word, word, word);

describe('RollingDigest', () => {
  it('is a function of the steps and of nothing else', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        expect(digestOf(steps)).toBe(digestOf(steps));
        expect(digestOf(steps)).toMatch(/^[0-9a-f]{16}$/);
      }),
    );
  });

  it('changes with any one bit of any one step', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 20 }),
        fc.nat(),
        fc.nat(4),
        fc.nat(31),
        (steps, at, field, bit) => {
          const index = at % steps.length;
          const changed = steps.map((one, position) =>
            position === index ? (one.with(field, (one[field]! ^ (1 << bit)) >>> 0) as unknown as Step) : one,
          );
          expect(digestOf(changed)).not.toBe(digestOf(steps));
        },
      ),
    );
  });

  it('changes when two steps trade places', () => {
    const one: Step = [1, 2, 3, 4, 5];
    const other: Step = [1, 9, 3, 4, 5];
    expect(digestOf([one, other])).not.toBe(digestOf([other, one]));
  });
});

describe('hashName', () => {
  it('is FNV-1a', () => {
    expect(hashName('')).toBe(0x811c9dc5);
    expect(hashName('a')).toBe(0xe40c292c);
    expect(hashName('foobar')).toBe(0xbf9cf968);
  });
});

function digestOf(steps: readonly Step[]): string {
  const digest = new RollingDigest();
  for (const one of steps) digest.fold(...one);
  return digest.toString();
}
