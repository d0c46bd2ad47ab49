import { type AnswersModel, describeResolution, isSameResolution, type PlainQuery } from './answers-model.ts';
import { type PlainCandidate, type PlainResolution, resolveByReference } from './lens-reference.ts';
import { Violation } from './violation.ts';
import type { VotesDump } from './votes-model.ts';

export interface ViewsDump extends VotesDump {
  /** Hashes of the assertions that are stored. */
  readonly claims: { keys(): Iterable<string> };
  readonly views: readonly (PlainQuery & {
    /** Whether the store says that something has changed since. */
    readonly isBehind: boolean;
    readonly resolution: PlainResolution;
  })[];
}

/** Judges the views of a store: what is not behind says what its lens says about all that is stored. */
export function judgeViews(model: AnswersModel, dump: ViewsDump, rankedMax: number): void {
  const candidates = new Map<string, PlainCandidate[]>();
  for (const hash of dump.claims.keys()) {
    const claim = model.findClaim(hash);
    if (claim === undefined) continue;
    const key = JSON.stringify([claim.subject, claim.predicate]);
    const weightMillionths = dump.tallies.get(hash)?.weightMillionths ?? 0n;
    candidates.set(key, [...(candidates.get(key) ?? []), { ...claim, weightMillionths }]);
  }
  for (const { subject, predicate, lens, isBehind, resolution } of dump.views) {
    if (isBehind) continue;
    const found = candidates.get(JSON.stringify([subject, predicate])) ?? [];
    const expected = resolveByReference(lens, found, rankedMax);
    if (isSameResolution(expected, resolution)) continue;
    throw new Violation({
      property: 'views-agree-with-the-store',
      category: 'inconsistent',
      message: `The view of lens ${lens} on ${JSON.stringify(subject)} ${JSON.stringify(predicate)} is not behind, and wrong.`,
      expected: describeResolution(expected),
      actual: describeResolution(resolution),
    });
  }
}
