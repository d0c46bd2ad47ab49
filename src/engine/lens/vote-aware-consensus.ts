import { AssertionFold, type AssertionRule } from './assertion-fold.ts';
import type { Lens } from './lens.ts';
import { shareOf } from './share.ts';
import { greaterFirst, newestFirst } from './standing.ts';

const rule: AssertionRule = {
  compare: (one, other) =>
    greaterFirst(one.weightMillionths, other.weightMillionths) || newestFirst(one, other),
  share: (standing, totals) => shareOf(standing.weightMillionths, totals.weightMillionths),
};

export const voteAwareConsensus: Lens = {
  name: 'vote-aware-consensus',
  summary: 'The assertion wins whose votes weigh most.',
  begin: (options) => new AssertionFold(rule, options),
};
