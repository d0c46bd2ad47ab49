import { type CampaignPlan, planRuns } from '../run-plan.ts';
import { ControlGroup } from './control-group.ts';
import type { Mutant } from './mutant.ts';
import { type MutantResult, resultOf } from './mutant-result.ts';
import { playTrial } from './trial.ts';

/** One planted bug, where it is looked for, and how. */
export interface MatrixCell {
  readonly mutant: Mutant;
  readonly plan: CampaignPlan;
}

export interface MatrixOptions {
  /** Most runs for a cell. */
  readonly seedsMax: number;
  /** A cell ends when its bug was found so often. */
  readonly enough: number;
  /** Whether the first failure of each cell is made small. */
  readonly minimize: boolean;
  /** Processes at a time. */
  readonly jobs: number;
  /** Asked between cells. */
  stop(): boolean;
  /** Called once for each run, of mutants and controls. */
  onRun(held: boolean): void;
  /** Called once for each cell, in no particular order when there are several jobs. */
  onResult(result: MutantResult): void;
}

/**
 * Plays each bug in the runs that its plan makes, and the code without it in the same runs. Which runs there
 * are, and what each does, does not depend on `jobs`.
 */
export async function playMatrix(cells: readonly MatrixCell[], options: MatrixOptions): Promise<void> {
  const { enough, minimize, seedsMax: runs } = options;
  const controls = new ControlGroup(() => options.onRun(true));
  const waiting = cells[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const { mutant, plan } of waiting) {
      if (options.stop()) return;
      const trial = { mutant: mutant.name, plans: planRuns(plan, 0, runs), enough, minimize };
      const outcome = await playTrial(trial, ({ verdict }) => options.onRun(verdict === 'held'));
      const control = await controls.play(plan, outcome.runs.length);
      options.onResult(resultOf(mutant, plan, outcome, control));
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
}
