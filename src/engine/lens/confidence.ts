import { AssertionFold, type AssertionRule } from './assertion-fold.ts';
import type { Lens } from './lens.ts';
import { newestFirst } from './standing.ts';

const rule: AssertionRule = {
  compare: (one, other) => other.confidence - one.confidence || newestFirst(one, other),
  // Without the sign of a zero.
  share: ({ confidence }) => confidence + 0,
};

export const confidence: Lens = {
  name: 'confidence',
  summary: 'The assertion wins whose author is surest.',
  begin: (options) => new AssertionFold(rule, options),
};
