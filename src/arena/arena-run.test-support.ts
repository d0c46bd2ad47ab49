import { play, type PlayedRun } from '../explore/index.ts';
import { type ArenaContext, defineArena, type Scenario } from './index.ts';

export const calm: Scenario = {
  name: 'test',
  summary: 'Nothing goes wrong but what a test adds.',
  profiles: ['strict'],
  latency: { slow: 1, outOf: 4, microsMax: 2000 },
  crashes: { powerLossesMax: 0, killsMax: 0, distanceStepsMax: 64, distanceWritesMax: 64, imagesMax: 0 },
};

/** One run of `body` as an arena, in a scenario that is calm but for `changes`. */
export function arenaRun(
  changes: Partial<Scenario>,
  body: (context: ArenaContext) => Promise<void>,
  seed = '1',
  options: Parameters<typeof play>[2] = {},
): Promise<PlayedRun> {
  const arena = defineArena({
    name: 'arena-test',
    summary: 'for this test',
    scenarios: ['test'],
    properties: [{ id: 'held', kind: 'safety', claim: 'what the test expects' }],
    markers: [],
    play: body,
  });
  const catalogue = {
    arenas: new Map([[arena.name, arena]]),
    scenarios: new Map([['test', { ...calm, ...changes }]]),
  };
  const plan = { arena: arena.name, scenario: 'test', strategy: 'random', seed, run: 0 };
  return play(catalogue, plan, options);
}
