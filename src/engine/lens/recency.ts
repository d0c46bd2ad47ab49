import { AssertionFold, type AssertionRule } from './assertion-fold.ts';
import type { Lens } from './lens.ts';
import { newestFirst } from './standing.ts';

const rule: AssertionRule = {
  compare: newestFirst,
  share: (_, { candidatesCount }) => 1 / candidatesCount,
};

export const recency: Lens = {
  name: 'recency',
  summary: 'The newest assertion wins.',
  begin: (options) => new AssertionFold(rule, options),
};
