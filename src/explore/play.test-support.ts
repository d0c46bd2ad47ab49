import { type Arena, type ArenaContext, defineArena, type Scenario } from '../arena/index.ts';
import { Violation } from '../check/index.ts';
import type { Catalogue } from './catalogue.ts';

/** Nothing goes wrong by itself. */
export const calm: Scenario = {
  name: 'calm',
  summary: 'Nothing goes wrong.',
  profiles: ['strict'],
  latency: { slow: 0, outOf: 1, microsMax: 0 },
  crashes: { powerLossesMax: 0, killsMax: 0, distanceStepsMax: 1, distanceWritesMax: 1, imagesMax: 0 },
};

export function toyArena(
  play: (context: ArenaContext) => Promise<void>,
  scenarios: readonly Scenario[] = [calm],
): Catalogue & { readonly arena: Arena } {
  const arena = defineArena({
    name: 'toy',
    summary: 'a toy',
    scenarios: scenarios.map(({ name }) => name),
    properties: [{ id: 'no-update-is-lost', kind: 'safety', claim: 'both increments count' }],
    markers: [],
    play,
  });
  return {
    arena,
    arenas: new Map([['toy', arena]]),
    scenarios: new Map(scenarios.map((scenario) => [scenario.name, scenario])),
  };
}

/** Two users increment a counter, a drawn number of turns apart. */
export const lostUpdate = toyArena(async (context) => {
  let counter = 0;
  const turns = context.workload('turns').choose(8);
  const increment = async (wait: number): Promise<void> => {
    for (let turn = 0; turn < wait; turn++) await context.scheduler.yield();
    const value = counter;
    await context.scheduler.yield();
    counter = value + 1;
  };
  const users = [0, turns].map((wait, user) => context.spawn(`user-${user}`, () => increment(wait)));
  for (const user of users) await user.join();
  context.record('info', 'toy', `${turns} turns`);
  if (counter !== 2) {
    throw new Violation({
      property: 'no-update-is-lost',
      category: 'lost-ack',
      message: 'An increment was lost.',
      expected: '2',
      actual: String(counter),
    });
  }
});
