import { type CampaignPlan, planRuns } from '../run-plan.ts';
import { playTrial, type TrialRun } from './trial.ts';

/** The code without a planted bug, in the same runs: what a bug has changed is seen against it. */
export class ControlGroup {
  readonly #played = new Map<string, Promise<readonly TrialRun[]>>();
  readonly #onRun: () => void;

  constructor(onRun: () => void) {
    this.#onRun = onRun;
  }

  /** The first `count` runs of the plan; none is played twice. Rejects when the process ends early. */
  async play(plan: CampaignPlan, count: number): Promise<readonly TrialRun[]> {
    const key = JSON.stringify(plan);
    const next = (this.#played.get(key) ?? Promise.resolve([])).then((runs) =>
      this.#extend(plan, runs, count),
    );
    this.#played.set(key, next);
    return (await next).slice(0, count);
  }

  async #extend(plan: CampaignPlan, runs: readonly TrialRun[], count: number): Promise<readonly TrialRun[]> {
    const missing = count - runs.length;
    if (missing <= 0) return runs;
    const trial = {
      mutant: undefined,
      plans: planRuns(plan, runs.length, missing),
      enough: Infinity,
      minimize: false,
    };
    const outcome = await playTrial(trial, this.#onRun);
    if (outcome.died !== undefined) throw new Error(`The clean control was not played: ${outcome.died}.`);
    return [...runs, ...outcome.runs];
  }
}
