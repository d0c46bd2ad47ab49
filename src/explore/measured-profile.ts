import type { ScheduleProfile } from '../sim/index.ts';
import type { Catalogue } from './catalogue.ts';
import { type RunPlan, workloadSeedOf } from './run-plan.ts';

/** Of how many workloads the profiles are kept: those whose schedules take turns, over some arenas and scenarios. */
const keptMax = 128;

const kept = new WeakMap<Catalogue, Map<string, ScheduleProfile>>();

/**
 * What `measure` says about the workload and faults of `plan`, asked once for all of their schedules. It depends
 * on nothing but these, so every thread that needs it comes to the same.
 */
export async function measuredProfile(
  catalogue: Catalogue,
  plan: RunPlan,
  measure: () => Promise<ScheduleProfile>,
): Promise<ScheduleProfile> {
  let profiles = kept.get(catalogue);
  if (profiles === undefined) {
    profiles = new Map();
    kept.set(catalogue, profiles);
  }
  const key = [plan.arena, plan.scenario, workloadSeedOf(plan.seed)].join('|');
  let profile = profiles.get(key);
  if (profile === undefined) {
    profile = await measure();
    const [oldest] = profiles.keys();
    if (oldest !== undefined && profiles.size >= keptMax) profiles.delete(oldest);
    profiles.set(key, profile);
  }
  return profile;
}
