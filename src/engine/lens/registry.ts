import { StemeError } from '../errors.ts';
import { confidence } from './confidence.ts';
import { consensus } from './consensus.ts';
import type { Lens } from './lens.ts';
import { recency } from './recency.ts';
import { skeptic } from './skeptic.ts';
import { voteAwareConsensus } from './vote-aware-consensus.ts';

const registered: readonly Lens[] = [recency, consensus, confidence, voteAwareConsensus, skeptic];

/** All lenses by name. A new one is a file and an entry in the list above. */
export const lenses: ReadonlyMap<string, Lens> = new Map(registered.map((lens) => [lens.name, lens]));

/** There is no lens of that name. */
export class UnknownLensError extends StemeError {
  constructor(name: string) {
    super(
      'STEME_LENS_UNKNOWN',
      `There is no lens ${JSON.stringify(name)}: ask through one of ${[...lenses.keys()].join(', ')}.`,
    );
  }
}

/** Throws `UnknownLensError`. */
export function findLens(name: string): Lens {
  const lens = lenses.get(name);
  if (lens === undefined) throw new UnknownLensError(name);
  return lens;
}
