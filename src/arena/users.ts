import type { Draws } from '../sim/index.ts';
import type { ArenaContext } from './context.ts';

export interface UsersPlan {
  readonly count: number;
  readonly operationsEach: number;
}

/** Somebody who is about to do something. */
export interface User {
  /** `client-2`. */
  readonly name: string;
  /** Which of the user's operations this is, counted from 1; the same though earlier ones are left out. */
  readonly nth: number;
  /** Decides what this operation is. */
  readonly draws: Draws;
}

/** See `ArenaContext.users`. */
export async function runUsers(
  context: ArenaContext,
  role: string,
  { count, operationsEach }: UsersPlan,
  act: (user: User) => Promise<void>,
): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${role}-${index + 1}`);
  const tasks = names
    .filter((name) => !context.omits(name))
    .map((name) =>
      context.spawn(name, async () => {
        for (let nth = 1; nth <= operationsEach; nth++) {
          if (context.omits(`${name} ${nth}`)) continue;
          await act({ name, nth, draws: context.workloadPart(name, `${nth}`) });
        }
      }),
    );
  for (const task of tasks) await task.join();
}
