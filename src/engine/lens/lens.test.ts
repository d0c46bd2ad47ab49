import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveByReference } from '../../check/lens-reference.ts';
import { findLens, lenses } from './index.ts';
import { candidateOf, candidateSets, plainCandidate, plainResolution, resolve } from './lens.test-support.ts';

const names = [...lenses.keys()];

describe.each(names)('the lens %s', (name) => {
  const lens = findLens(name);
  const ranksValues = name === 'consensus' || name === 'skeptic';

  it('answers as the reference does, ties, neighbouring doubles and huge weights included', () => {
    fc.assert(
      fc.property(candidateSets, fc.constantFrom(0, 1, 2, 3, 100), (candidates, rankedMax) => {
        expect(plainResolution(resolve(lens, candidates, rankedMax))).toEqual(
          resolveByReference(name, candidates.map(plainCandidate), rankedMax),
        );
      }),
      { numRuns: 5000 },
    );
  });

  it('answers the same, bit for bit, in whatever order candidates come', () => {
    const shuffled = candidateSets.chain((candidates) =>
      fc.tuple(
        fc.constant(candidates),
        fc.shuffledSubarray([...candidates], { minLength: candidates.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, fc.constantFrom(0, 1, 2, 100), ([candidates, others], rankedMax) => {
        expect(resolve(lens, others, rankedMax)).toEqual(resolve(lens, candidates, rankedMax));
      }),
      { numRuns: 1000 },
    );
  });

  it('says nothing about no candidates', () => {
    expect(resolve(lens, [], 10)).toEqual({
      winner: undefined,
      candidatesCount: 0,
      resolutionConfidence: 0,
      conflictScore: 0,
      agreement: 'none',
      ranked: [],
    });
  });

  it('gives shares and scores from 0 to 1, and is as sure as the share of the first', () => {
    fc.assert(
      fc.property(candidateSets, (candidates) => {
        const { ranked, resolutionConfidence, conflictScore } = resolve(lens, candidates, 100);
        for (const value of [resolutionConfidence, conflictScore, ...ranked.map(({ share }) => share)]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        expect(resolutionConfidence).toBe(ranked[0]?.share ?? 0);
      }),
      { numRuns: 500 },
    );
  });

  it('holds so many bytes for each assertion or value that it may rank, and not for others', () => {
    const fold = lens.begin({ rankedMax: 10 });
    const bytesAfter = (count: number, valueOf: (nth: number) => string): number => {
      for (let nth = 0; nth < count; nth++)
        fold.add(candidateOf(nth, { value: valueOf(nth), timestamp: nth }));
      return fold.bytes;
    };
    const few = bytesAfter(100, () => 'a'.repeat(60_000));
    expect(few).toBeLessThan(10_000);
    expect(bytesAfter(1000, () => 'a')).toBeLessThan(10_000);
    const many = bytesAfter(1000, (nth) => `${nth}`);
    if (ranksValues) expect(many).toBeGreaterThan(1000 * 500);
    else expect(many).toBe(few);
  });

  it('keeps no memory of a candidate: it may be used again for the next', () => {
    const buffer = new Uint8Array(64);
    const fold = lens.begin({ rankedMax: 10 });
    for (const nth of [1, 2, 3]) {
      const candidate = candidateOf(nth, { value: `${nth}` });
      buffer.set(candidate.hash);
      fold.add({ ...candidate, hash: buffer.subarray(0, 32) });
    }
    expect(fold.finish().ranked.map(({ hash }) => hash[3])).toEqual([3, 2, 1]);
  });
});

describe('a lens', () => {
  it('is found by its name, and has a summary for people', () => {
    for (const [name, lens] of lenses) {
      expect(lens.name).toBe(name);
      expect(lens.summary).toMatch(/^[A-Z].+\.$/);
    }
  });

  it.each(['Recency', '', 'toString', '__proto__'])(
    'is not found as %j, and the error says which there are',
    (name) => {
      expect(() => findLens(name)).toThrow(
        expect.objectContaining({
          name: 'UnknownLensError',
          code: 'STEME_LENS_UNKNOWN',
          message: expect.stringContaining(names.join(', ')) as string,
        }),
      );
    },
  );
});
