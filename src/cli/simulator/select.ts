import type { Catalogue, CampaignPlan } from '../../explore/index.ts';
import { oneOf, UsageError } from '../usage-error.ts';

/**
 * The arenas and scenarios that were asked for; without arenas, those of the user's project, or else the package's;
 * without scenarios, each arena's first, or all with `every`.
 */
export function selectPairs(
  catalogue: Catalogue,
  arenas: readonly string[],
  scenarios: readonly string[],
  every: boolean,
): CampaignPlan['pairs'] {
  const known = [...catalogue.arenas.keys()];
  const theirs = [...(catalogue.project?.arenas.keys() ?? [])];
  const unasked = theirs.length === 0 ? known : theirs;
  const chosen = arenas.length === 0 ? unasked : arenas.map((name) => arenaNamed(name, known));
  for (const scenario of scenarios) oneOf('scenario', scenario, [...catalogue.scenarios.keys()]);
  const pairs = chosen.flatMap((arena) => {
    const { scenarios: made = [], onRequest = [] } = catalogue.arenas.get(arena) ?? {};
    const wanted =
      scenarios.length > 0
        ? [...made, ...onRequest].filter((name) => scenarios.includes(name))
        : every
          ? made
          : made.slice(0, 1);
    return wanted.map((scenario) => ({ arena, scenario }));
  });
  if (pairs.length === 0) {
    throw new UsageError(
      `None of these arenas is made for ${scenarios.join(', ')}; "stemedb-sim list" shows which are.`,
    );
  }
  return pairs;
}

/** `arena-0-spine`, or short: `0`, `arena-0`, `spine`. */
function arenaNamed(name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  const short = known.filter(
    (arena) =>
      arena === `arena-${name}` ||
      arena.startsWith(`arena-${name}-`) ||
      arena.startsWith(`${name}-`) ||
      arena.endsWith(`-${name}`),
  );
  return short.length === 1 && short[0] !== undefined ? short[0] : oneOf('arena', name, known);
}
