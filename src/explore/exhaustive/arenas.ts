import { DelayBounded, nameOfDelays } from '../../sim/index.ts';
import type { Catalogue } from '../catalogue.ts';
import { play } from '../play.ts';
import { type CampaignPlan, exhaustive, planRun } from '../run-plan.ts';
import type { RunRecord } from '../run-record.ts';
import { ChoiceLog } from './choice-log.ts';
import { schedulesClaim, walkSchedules } from './delayed-schedules.ts';

export interface ExhaustiveCampaign {
  readonly plan: CampaignPlan;
  /** Over all arenas and scenarios, each of which gets its share. */
  readonly runs: number;
  stop(): boolean;
  onRun(record: RunRecord): Promise<void> | void;
}

/**
 * Plays the first workload, with its faults, of each arena and scenario under every schedule of at most so many
 * delays. Returns what that proves of each. Each run has a strategy that names its delays, so that it is had again
 * as any other.
 */
export async function exhaustArenas(catalogue: Catalogue, campaign: ExhaustiveCampaign): Promise<string[]> {
  const { plan, runs, stop, onRun } = campaign;
  const pairs = plan.pairs.length;
  const claims: string[] = [];
  for (let pair = 0; pair < pairs && !stop(); pair++) {
    const first = planRun(plan, pair);
    let nth = 0;
    const coverage = await walkSchedules({
      delaysMax: exhaustive.delaysMax,
      schedulesMax: Math.ceil((runs - pair) / pairs),
      play: async (delays) => {
        const log = new ChoiceLog(new DelayBounded(delays));
        const run = { ...first, run: pair + nth++ * pairs, strategy: nameOfDelays(delays) };
        const { record } = await play(catalogue, run, { strategy: () => log });
        await onRun(record);
        return stop() ? undefined : log.points;
      },
    });
    claims.push(`${first.arena} · ${first.scenario} · seed ${first.seed}: ${schedulesClaim(coverage)}`);
  }
  return claims;
}
