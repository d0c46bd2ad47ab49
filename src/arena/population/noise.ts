import { toHex } from '../../crypto/index.ts';
import { QueryTooLargeError, type StemeDB } from '../../engine/index.ts';
import type { PropertyInfo } from '../arena.ts';
import type { ArenaContext } from '../context.ts';
import type { Society } from './society.ts';
import { isTrue } from './truth.ts';

export const noiseNeverWins: PropertyInfo = {
  id: 'noise-never-wins',
  kind: 'safety',
  claim: 'where a true claim has an honest vote, consensus by votes names a true claim',
};

/** All noise of a run together weighs less than one honest vote. */
export async function requireTruth(context: ArenaContext, society: Society, db: StemeDB): Promise<void> {
  for (const { hash, assertion } of society.honoured()) {
    context.reached('arena.true-claim-was-honoured');
    const { subject, predicate } = assertion;
    const answer = await askedIn(context, () =>
      db.query({ subject, predicate, lens: 'vote-aware-consensus' }),
    );
    if (answer === undefined) continue;
    const { winner, resolution } = answer;
    context.require(winner !== undefined && isTrue(winner), () => ({
      property: 'noise-never-wins',
      category: 'inconsistent',
      message: 'A claim that only trolls and sybils voted for has won against an honest vote.',
      expected: `a true claim, such as ${toHex(hash).slice(0, 8)}`,
      actual: resolution.winner === undefined ? 'no winner' : toHex(resolution.winner).slice(0, 8),
    }));
  }
}

/** `undefined` where the scenario gives lenses too little memory for this question. */
async function askedIn<T>({ scenario }: ArenaContext, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (scenario.memory?.lensesBytesMax !== undefined && error instanceof QueryTooLargeError)
      return undefined;
    throw error;
  }
}
