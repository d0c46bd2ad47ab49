import type { Strategy } from './strategy.ts';

/** First in line, always: the calmest schedule. */
export class InOrder implements Strategy {
  pick(): number {
    return 0;
  }
}
