import fc from 'fast-check';
import type { PlainCandidate, PlainResolution } from '../../check/lens-reference.ts';
import { fromHex, toHex } from '../../crypto/index.ts';
import { LIFECYCLES, type ObjectValue } from '../model/index.ts';
import type { Candidate, Lens, Resolution } from './lens.ts';

/** Few, so that they meet, and each like another that it is not. */
const objects = fc.constantFrom<ObjectValue>(
  { type: 'text', value: 'a' },
  { type: 'reference', value: 'a' },
  { type: 'text', value: 'A' },
  { type: 'number', value: 0 },
  { type: 'number', value: -0 },
  { type: 'number', value: 5e-324 },
  { type: 'text', value: '0' },
  { type: 'boolean', value: true },
  { type: 'boolean', value: false },
  { type: 'text', value: 'true' },
);

const timestamps = fc.constantFrom(0, 1, 2, 1_700_000_000_000, 2 ** 53 - 2, 2 ** 53 - 1);

/** Beside zero, one, each other, and what rounding makes of a tenth. */
const confidences = fc.constantFrom(
  0,
  -0,
  5e-324,
  2.2250738585072014e-308,
  0.3,
  0.1 + 0.2,
  0.5,
  0.5 + 2 ** -53,
  0.5 - 2 ** -54,
  1 - 2 ** -53,
  1 - 2 ** -52,
  1,
);

const weights = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0n) },
  { weight: 4, arbitrary: fc.constantFrom(1n, 2n, 3n, 1_000_000n) },
  { weight: 2, arbitrary: fc.constantFrom(10n ** 15n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 54n) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(10n ** 27n, 10n ** 27n + 1n, 2n ** 90n, 2n ** 200n, 2n ** 200n + 1n),
  },
);

/** Differ in their first byte, in their last, or in one between; above and below what a signed byte holds. */
const hashes = fc
  .tuple(...Array.from({ length: 3 }, () => fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)))
  .map(([first = 0, middle = 0, last = 0]) => {
    const hash = new Uint8Array(32);
    hash.set([first], 0);
    hash.set([middle], 15);
    hash.set([last], 31);
    return hash;
  });

const candidates: fc.Arbitrary<Candidate> = fc
  .record({
    hash: hashes,
    object: objects,
    lifecycle: fc.constantFrom(...LIFECYCLES),
    confidence: confidences,
    timestamp: timestamps,
    weightMillionths: weights,
  })
  .map(({ hash, weightMillionths, ...content }) => ({
    hash,
    assertion: { subject: 's', predicate: 'p', signatures: [], ...content },
    votes: { count: 1, weightMillionths },
  }));

const setOf = (of: fc.Arbitrary<Candidate>, maxLength: number): fc.Arbitrary<Candidate[]> =>
  fc.uniqueArray(of, { maxLength, selector: ({ hash }) => toHex(hash) });

/** Sets of candidates that have much in common: none, one, a few, dozens; at times nobody voted. */
export const candidateSets: fc.Arbitrary<readonly Candidate[]> = fc.oneof(
  { weight: 6, arbitrary: setOf(candidates, 6) },
  { weight: 2, arbitrary: setOf(candidates.map(withoutVotes), 6) },
  { weight: 1, arbitrary: setOf(candidates, 40) },
);

function withoutVotes(candidate: Candidate): Candidate {
  return { ...candidate, votes: { count: 0, weightMillionths: 0n } };
}

/** As the lens sees candidates that come in this order. */
export function resolve(lens: Lens, candidates: Iterable<Candidate>, rankedMax: number): Resolution {
  const fold = lens.begin({ rankedMax });
  for (const candidate of candidates) fold.add(candidate);
  return fold.finish();
}

/** For the reference. */
export function plainCandidate({ hash, assertion, votes }: Candidate): PlainCandidate {
  const { object, lifecycle, timestamp, confidence } = assertion;
  return {
    hash: toHex(hash),
    object,
    lifecycle,
    timestamp,
    confidence,
    weightMillionths: votes.weightMillionths,
  };
}

/** To be compared with what the reference says. */
export function plainResolution({ winner, ranked, ...rest }: Resolution): PlainResolution {
  return {
    winner: winner && toHex(winner),
    ...rest,
    ranked: ranked.map((entry) => ({ ...entry, hash: toHex(entry.hash) })),
  };
}

/** One candidate; its hash is `nth` and zeros. */
export function candidateOf(
  nth: number,
  {
    value = 'a',
    timestamp = 0,
    confidence = 1,
    weight = 0n,
  }: {
    readonly value?: string;
    readonly timestamp?: number;
    readonly confidence?: number;
    readonly weight?: bigint;
  } = {},
): Candidate {
  return {
    hash: fromHex(nth.toString(16).padStart(8, '0').padEnd(64, '0'))!,
    assertion: {
      subject: 's',
      predicate: 'p',
      object: { type: 'text', value },
      lifecycle: 'proposed',
      confidence,
      timestamp,
      signatures: [],
    },
    votes: { count: weight === 0n ? 0 : 1, weightMillionths: weight },
  };
}
