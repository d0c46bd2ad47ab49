import type { PlainVote } from './answers-model.ts';
import { Violation } from './violation.ts';

/** The votes that a store holds, and what it says they add up to. */
export interface VotesDump {
  /** By hash of the vote: the assertion that it stands under. */
  readonly votes: ReadonlyMap<string, string>;
  /** By assertion. */
  readonly tallies: ReadonlyMap<string, { readonly count: bigint; readonly weightMillionths: bigint }>;
}

/** What is known of the votes that were cast. */
export interface KnownVotes {
  votes(): Iterable<{ readonly item: PlainVote; readonly written: { readonly isAcknowledged: boolean } }>;
  findVote(hash: string): PlainVote | undefined;
}

/**
 * Judges the votes of a store that has caught up with its log: each that was acknowledged is there, none that
 * nobody cast, and the sums are exact. Returns how many acknowledged votes were verified.
 */
export function judgeVotes(model: KnownVotes, { votes, tallies }: VotesDump): number {
  let verified = 0;
  for (const { item, written } of model.votes()) {
    if (!written.isAcknowledged) continue;
    if (votes.get(item.hash) !== item.assertionHash) {
      throw new Violation({
        property: 'acknowledged-survives',
        category: 'lost-ack',
        message: 'An acknowledged vote is gone.',
        expected: `vote ${item.hash.slice(0, 8)} on ${item.assertionHash.slice(0, 8)}`,
        actual: 'nothing',
      });
    }
    verified++;
  }
  const sums = new Map<string, { count: bigint; weightMillionths: bigint }>();
  for (const [hash, assertionHash] of votes) {
    const vote = model.findVote(hash);
    if (vote === undefined) {
      throw new Violation({
        property: 'nothing-invented-or-altered',
        category: 'phantom',
        message: 'The store holds a vote that nobody cast.',
        expected: 'nothing',
        actual: `vote ${hash}`,
      });
    }
    const sum = sums.get(assertionHash) ?? { count: 0n, weightMillionths: 0n };
    sums.set(assertionHash, {
      count: sum.count + 1n,
      weightMillionths: sum.weightMillionths + vote.weightMillionths,
    });
  }
  for (const assertion of new Set([...sums.keys(), ...tallies.keys()])) {
    const [expected, actual] = [describe(sums.get(assertion)), describe(tallies.get(assertion))];
    if (expected === actual) continue;
    throw new Violation({
      property: 'votes-add-up',
      category: 'inconsistent',
      message: `The sums of the votes on ${assertion.slice(0, 8)} are not what its votes add up to.`,
      expected,
      actual,
    });
  }
  return verified;
}

function describe(sum: { readonly count: bigint; readonly weightMillionths: bigint } | undefined): string {
  return sum === undefined ? 'no sums' : `votes ${sum.count}, weight in millionths ${sum.weightMillionths}`;
}
