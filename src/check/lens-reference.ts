/** An assertion among those that a query finds, as the reference needs it. */
export interface PlainCandidate {
  /** Lower-case hex. */
  readonly hash: string;
  readonly object: { readonly type: string; readonly value: string | number | boolean };
  readonly lifecycle: string;
  readonly timestamp: number;
  readonly confidence: number;
  /** Of all votes on it. */
  readonly weightMillionths: bigint;
}

export interface PlainRanked {
  readonly hash: string;
  readonly lifecycle: string;
  readonly timestamp: number;
  readonly weightMillionths: bigint;
  readonly supporters: number;
  readonly share: number;
}

export interface PlainResolution {
  readonly winner: string | undefined;
  readonly candidatesCount: number;
  readonly resolutionConfidence: number;
  readonly conflictScore: number;
  readonly agreement: 'none' | 'unanimous' | 'agreed' | 'contested';
  readonly ranked: readonly PlainRanked[];
}

/**
 * What a lens must answer, found in the most obvious way: by sorting everything. It is what the lenses of the
 * engine are held against, so it shares nothing with them but the rules.
 *
 * - `recency`: the newest assertion. Sure of it to 1 / n.
 * - `confidence`: the assertion with the greatest confidence, and that is how sure.
 * - `vote-aware-consensus`: the assertion with the greatest weight of votes; its share of all weight.
 * - `consensus`: the value that most assertions claim, by the newest of them; their share of all assertions.
 * - `skeptic`: no winner; the values by their share of all weight, or of all assertions when there is no
 *   weight. Conflict is the entropy of the shares, by the greatest that so many positive shares can have.
 *
 * Of equals the newest is first, and of those the one with the greater hash.
 */
export function resolveByReference(
  lens: string,
  candidates: readonly PlainCandidate[],
  rankedMax: number,
): PlainResolution {
  if (candidates.length === 0) return nothing;
  const ranked = rank(lens, candidates);
  const [first] = ranked;
  const sure = first!.share;
  const isSkeptic = lens === 'skeptic';
  const isUnanimous = isSkeptic
    ? ranked.slice(1).every((claim) => claim.share === 0)
    : claimsOf(candidates).length === 1;
  return {
    winner: isSkeptic ? undefined : first!.hash,
    candidatesCount: candidates.length,
    resolutionConfidence: sure,
    conflictScore: conflict(isSkeptic, isUnanimous, ranked),
    agreement: agreement(isUnanimous, sure),
    ranked: ranked.slice(0, rankedMax),
  };
}

const nothing: PlainResolution = {
  winner: undefined,
  candidatesCount: 0,
  resolutionConfidence: 0,
  conflictScore: 0,
  agreement: 'none',
  ranked: [],
};

/** Everything that the lens ranks, the best first. */
function rank(lens: string, candidates: readonly PlainCandidate[]): readonly PlainRanked[] {
  const count = candidates.length;
  const weight = weightOf(candidates);
  const assertions = newestFirst(candidates);
  switch (lens) {
    case 'recency':
      return assertions.map((candidate) => ranked([candidate], 1 / count));
    case 'confidence':
      return stable(assertions, (one, other) => other.confidence > one.confidence).map((candidate) =>
        ranked([candidate], Math.abs(candidate.confidence)),
      );
    case 'vote-aware-consensus':
      return stable(assertions, (one, other) => other.weightMillionths > one.weightMillionths).map(
        (candidate) => ranked([candidate], fraction(candidate.weightMillionths, weight)),
      );
    case 'consensus':
      return stable(claimsOf(assertions), (one, other) => other.length > one.length).map((claim) =>
        ranked(claim, claim.length / count),
      );
    case 'skeptic': {
      const claims = claimsOf(assertions).map((claim) => ({
        claim,
        part: weight === 0n ? BigInt(claim.length) : weightOf(claim),
      }));
      const whole = weight === 0n ? BigInt(count) : weight;
      return stable(claims, (one, other) => other.part > one.part).map(({ claim, part }) =>
        ranked(claim, fraction(part, whole)),
      );
    }
    default:
      throw new RangeError(`the reference knows no lens "${lens}"`);
  }
}

function newestFirst(candidates: readonly PlainCandidate[]): readonly PlainCandidate[] {
  const byHash = stable(candidates, (one, other) => other.hash > one.hash);
  return stable(byHash, (one, other) => other.timestamp > one.timestamp);
}

/** Sorted, and what is equal stays in the order in which it was. */
function stable<T>(items: readonly T[], isBefore: (one: T, other: T) => boolean): readonly T[] {
  return items.toSorted((one, other) => Number(isBefore(one, other)) - Number(isBefore(other, one)));
}

/** Those who claim the same, together, in the order of the first of each. */
function claimsOf(candidates: readonly PlainCandidate[]): readonly (readonly PlainCandidate[])[] {
  const claims = new Map<string, PlainCandidate[]>();
  for (const candidate of candidates) {
    const claim = claims.get(claimed(candidate));
    if (claim === undefined) claims.set(claimed(candidate), [candidate]);
    else claim.push(candidate);
  }
  return [...claims.values()];
}

/** Type and value in JSON, which writes a zero without its sign. */
function claimed({ object: { type, value } }: PlainCandidate): string {
  return JSON.stringify([type, value]);
}

/** A claim by the first of those who make it. */
function ranked(claim: readonly PlainCandidate[], share: number): PlainRanked {
  const { hash, lifecycle, timestamp } = claim[0]!;
  return { hash, lifecycle, timestamp, weightMillionths: weightOf(claim), supporters: claim.length, share };
}

function weightOf(candidates: readonly PlainCandidate[]): bigint {
  return candidates.reduce((sum, { weightMillionths }) => sum + weightMillionths, 0n);
}

const decimals = 400;

/** Written out, and read back as the double that is nearest. */
function fraction(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number(`${(part * 10n ** BigInt(decimals)) / whole}e-${decimals}`);
}

function conflict(isSkeptic: boolean, isUnanimous: boolean, claims: readonly PlainRanked[]): number {
  if (isUnanimous) return 0;
  if (!isSkeptic) return 1 - claims[0]!.share;
  const shares = claims.map(({ share }) => share).filter((share) => share > 0);
  const entropy = shares.reduce((sum, share) => sum - share * Math.log(share), 0);
  return Math.min(1, entropy / Math.log(shares.length));
}

function agreement(isUnanimous: boolean, sure: number): PlainResolution['agreement'] {
  if (isUnanimous) return 'unanimous';
  return sure >= 2 / 3 ? 'agreed' : 'contested';
}
