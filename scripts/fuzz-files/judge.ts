import type { Base } from './base.ts';
import { type Holdings, indexesOf, type Outcome, type Refused } from './examine.ts';
import { ViolationError } from './laboratory.ts';
import { type Files, isSameContent } from './files.ts';

/** How much may be missing, in silence, from a database that was damaged. */
export type Tolerance =
  /** Nothing. */
  | 'nothing'
  /** The last claim: of a log whose last group nothing proves. */
  | 'the last claim'
  /** Any number of the last ones: as if they had never been submitted. */
  | 'the last claims'
  /** Anything, for the damage says of itself that it is none. What is there must be genuine all the same. */
  | 'anything';

/**
 * Holds what a database shows after it was damaged against what it was given. Throws `ViolationError` for a
 * claim that nobody made or that is not as it was made, and for a loss that `tolerance` does not cover.
 */
export function judge(base: Base, holdings: Holdings, tolerance: Tolerance): void {
  const known = new Map(base.claims.map((claim) => [claim.hash, claim.bytes]));
  for (const [hash, bytes] of holdings.claims) {
    const genuine = known.get(hash);
    if (genuine === undefined) throw new ViolationError(`it holds a claim that nobody made: ${hash}`);
    if (genuine !== bytes) throw new ViolationError(`claim ${hash} is not as it was made`);
  }
  if (tolerance === 'anything') return;

  const found = base.claims.filter(({ hash }) => holdings.claims.has(hash));
  const firstMissing = base.claims.findIndex(({ hash }) => !holdings.claims.has(hash));
  if (firstMissing >= 0) {
    const missing = base.claims.length - found.length;
    const tolerated = { nothing: 0, 'the last claim': 1, 'the last claims': Infinity }[tolerance];
    if (missing > tolerated) {
      throw new ViolationError(
        `${missing} of ${base.claims.length} claims are gone, and nothing tells of it`,
      );
    }
    if (firstMissing < found.length) {
      throw new ViolationError(`claim ${firstMissing} is gone, though later ones are there`);
    }
  }
  if (holdings.quarantined > 0) throw new ViolationError(`${holdings.quarantined} records are in quarantine`);
  for (const entry of indexesOf(found)) {
    if (!holdings.indexes.has(entry)) throw new ViolationError(`the index has no entry ${entry}`);
  }
  if (holdings.indexes.size !== indexesOf(found).size) {
    throw new ViolationError(`the indexes have ${holdings.indexes.size} entries for ${found.length} claims`);
  }
}

/** Two openings, with nothing in between, must come to the same. */
export function judgeSame(one: Outcome, other: Outcome): void {
  const [first, second] = [summaryOf(one), summaryOf(other)];
  if (first !== second)
    throw new ViolationError(`opened again, it is different: first ${first}, then ${second}`);
}

function summaryOf(outcome: Outcome): string {
  if (outcome.kind === 'refused') return outcome.code;
  const { claims, indexes, quarantined } = outcome.holdings;
  return `${claims.size} claims, ${indexes.size} index entries, ${quarantined} in quarantine`;
}

/** Whoever refuses to open changes nothing: not what it blames, and nothing else either. */
export function judgeUntouched({ stage }: Refused, before: Files, after: Files): void {
  if (stage === 'read') return;
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    if (!isSameContent(before.get(name), after.get(name)))
      throw new ViolationError(`it is refused, and ${name} was changed`);
  }
}
